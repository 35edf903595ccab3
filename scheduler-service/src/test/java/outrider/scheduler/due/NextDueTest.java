package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

/// The database function that spreads a population over its interval.
class NextDueTest {

    private static final Instant NOON = Instant.parse("2026-06-12T12:00:00Z");

    private final JdbcClient jdbc = TestScheduler.byHand().jdbc();

    @Test
    void is_after_the_instant_and_within_one_interval() {
        for (var i = 0; i < 100; i++) {
            assertThat(nextDue(UUID.randomUUID(), NOON, "7 days"))
                    .isAfter(NOON)
                    .isBeforeOrEqualTo(NOON.plus(Duration.ofDays(7)));
        }
    }

    @Test
    void keeps_the_phase_of_an_asset_however_late_it_was() {
        var asset = UUID.randomUUID();
        var first = nextDue(asset, NOON, "3 days");

        assertThat(nextDue(asset, first, "3 days")).isEqualTo(first.plus(Duration.ofDays(3)));
        assertThat(nextDue(asset, first.plus(Duration.ofDays(2)), "3 days")).isEqualTo(first.plus(Duration.ofDays(3)));
        assertThat(nextDue(asset, first.minusNanos(1_000), "3 days")).isEqualTo(first);
    }

    @Test
    void spreads_a_population_evenly() {
        var fullest = jdbc.sql("""
                select max(n) from (
                    select count(*) as n
                      from generate_series(1, 100000)
                     group by date_bin('1 hour', scheduler.next_due(uuidv7(), timestamptz '2026-06-12 12:00Z', '7 days'), timestamptz '2000-01-01Z')) t
                """).query(Long.class).single();

        assertThat(fullest).isLessThan((long) (1.2 * 100_000 / (7 * 24)));
    }

    private Instant nextDue(UUID asset, Instant after, String interval) {
        return jdbc.sql("select scheduler.next_due(:asset, :after, :interval::interval) as due")
                .param("asset", asset)
                .param("after", Sql.at(after))
                .param("interval", interval)
                .query((row, number) -> Sql.instant(row, "due"))
                .single();
    }
}
