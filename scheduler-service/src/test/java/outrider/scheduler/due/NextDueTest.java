package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

/// The database function that spreads a population over its interval.
class NextDueTest {

    private static final Instant NOON = Instant.parse("2026-06-12T12:00:00Z");

    private static final Phase WEEKLY = new Phase(Duration.ofDays(7), Instant.EPOCH.plus(Duration.ofHours(30)));

    private final JdbcClient jdbc = TestScheduler.byHand().jdbc();

    @Test
    void is_after_the_instant_and_within_one_interval() {
        LongStream.range(0, 1_000)
                .forEach(place -> assertThat(WEEKLY.nextDue(place, NOON))
                        .isAfter(NOON)
                        .isBeforeOrEqualTo(NOON.plus(Duration.ofDays(7))));
    }

    @Test
    void keeps_the_phase_of_an_asset_however_late_it_was() {
        var first = WEEKLY.nextDue(4_711, NOON);

        assertThat(WEEKLY.nextDue(4_711, first)).isEqualTo(first.plus(Duration.ofDays(7)));
        assertThat(WEEKLY.nextDue(4_711, first.plus(Duration.ofDays(2)))).isEqualTo(first.plus(Duration.ofDays(7)));
        assertThat(WEEKLY.nextDue(4_711, first.minusNanos(1_000))).isEqualTo(first);
    }

    /// 100,000 assets over 10,080 minutes are 9.92 a minute. With random phases the fullest minute would have above 20.
    @Test
    void no_minute_has_more_than_three_assets_above_the_mean() {
        var fullest = LongStream.range(50_000, 150_000)
                .mapToObj(place -> WEEKLY.nextDue(place, NOON).truncatedTo(ChronoUnit.MINUTES))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values()
                .stream()
                .max(Comparator.naturalOrder());

        assertThat(fullest).hasValueSatisfying(most -> assertThat(most).isLessThanOrEqualTo(13));
    }

    @Test
    void is_the_same_in_the_database() {
        var random = new Random(7);
        for (var i = 0; i < 200; i++) {
            var phase = new Phase(
                    Duration.ofMinutes(1 + random.nextInt(50_000)), Instant.EPOCH.plusMillis(random.nextInt()));
            var place = random.nextLong(1L << 40);
            var after = NOON.plus(random.nextLong(1L << 40), ChronoUnit.MICROS);

            assertThat(inDatabase(phase, place, after)).isEqualTo(phase.nextDue(place, after));
        }
    }

    @Test
    void a_scan_id_says_where_its_scope_is() {
        var id = jdbc.sql("select scheduler.scan_id('2026-06-12 12:00Z', 1099511627775, 1023::smallint, 16777215)")
                .query(UUID.class)
                .single();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
        assertThat(ScanIds.place(id)).isEqualTo(1_099_511_627_775L);
        assertThat(ScanIds.checker(id)).isEqualTo(1_023);
    }

    private Instant inDatabase(Phase phase, long place, Instant after) {
        return jdbc.sql("select scheduler.next_due(:place, :after, :interval::interval, :anchor) as due")
                .param("place", place)
                .param("after", Sql.at(after))
                .param("interval", phase.every().toString())
                .param("anchor", Sql.at(phase.anchor()))
                .query((row, number) -> Sql.instant(row, "due"))
                .single();
    }
}
