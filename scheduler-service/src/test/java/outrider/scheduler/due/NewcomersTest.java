package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import outrider.scan.Ids;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

class NewcomersTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Instant now = scheduler.clock().instant();

    @Test
    void the_first_scopes_of_an_account_are_due_at_once_and_the_others_in_turn() {
        create(scheduler.account("free"), 2_000);

        assertThat(due(Duration.ZERO)).isEqualTo(1_000);
        assertThat(due(Duration.ofMinutes(1))).isEqualTo(1_600); // half of 20 a second
        assertThat(due(Duration.ofDays(7))).isEqualTo(2_000L * TestScheduler.checkers());
    }

    @Test
    void nothing_waits_longer_than_for_its_phase() {
        var slow = SchedulePropertiesTest.bind(Map.of("catch-up.at-least", "0"));
        create(
                new Scopes(scheduler.jdbc(), scheduler.bean(ScopeCounts.class), slow),
                scheduler.account("enterprise"),
                10_000);

        // One in two seconds: not even 50,000 a day.
        assertThat(due(Duration.ofHours(1))).isBetween(1_000L, 6_000L);
        assertThat(scheduler
                        .jdbc()
                        .sql("select count(*) from scheduler.scope where next_due > :day")
                        .param("day", Sql.at(now.plus(Duration.ofDays(1))))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void an_account_that_brings_very_many_makes_no_other_wait() {
        create(scheduler.account("free"), 40_000);
        var small = scheduler.account("free");
        var few = create(small, 10);

        var claimed = Stream.generate(() -> scheduler.bean(DueScopes.class).claim(500, now, Duration.ofSeconds(30)))
                .limit(3)
                .flatMap(List::stream)
                .filter(scan -> scan.job().accountId().equals(small))
                .toList();

        assertThat(claimed).hasSize(few.size() * TestScheduler.checkers());
    }

    private List<UUID> create(UUID account, int assets) {
        return create(scheduler.bean(Scopes.class), account, assets);
    }

    private List<UUID> create(Scopes scopes, UUID account, int assets) {
        var ids =
                Stream.generate(() -> Ids.next(Clock.systemUTC())).limit(assets).toList();
        scheduler
                .jdbc()
                .sql("""
                insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
                select id, :account, 'zone', id::text, '{}', now() from unnest(:ids) as t (id)
                """)
                .param("account", account)
                .param("ids", Sql.array("uuid", ids, id -> id))
                .update();
        scopes.create(ids, now);
        return ids;
    }

    private long due(Duration within) {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.scope where next_due <= :at")
                .param("at", Sql.at(now.plus(within)))
                .query(Long.class)
                .single();
    }
}
