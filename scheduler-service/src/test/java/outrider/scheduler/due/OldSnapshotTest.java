package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

/// Somebody holds an old snapshot (a backup, a stale replication slot), so that nothing that was claimed can be
/// cleared away.
class OldSnapshotTest {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Instant now = scheduler.clock().instant();
    private final DueScopes due = scheduler.bean(DueScopes.class);
    private final DueFloor floor = scheduler.bean(DueFloor.class);

    @Test
    void a_claim_begins_where_the_last_one_ended_and_not_at_what_is_dead() throws SQLException {
        scheduler.assets(scheduler.account("free"), 3_000, now.minusSeconds(60));
        scheduler
                .jdbc()
                .sql("update scheduler.scope set next_due = next_due - random() * interval '1 hour'")
                .update();
        try (var reader =
                        Objects.requireNonNull(scheduler.bean(DataSource.class)).getConnection();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select 1");
            var before = buffers();
            for (var claims = 0; claims < 10; claims++) {
                assertThat(due.claim(1_000, now, Duration.ofSeconds(30))).hasSize(1_000);
            }

            assertThat(buffers()).isLessThan(before + 500);
            reader.rollback();
        }
    }

    @Test
    void what_became_due_below_that_is_claimed_within_15_seconds() {
        var account = scheduler.account("free");
        scheduler.assets(account, 10, now);
        due.claim(10_000, now, Duration.ofSeconds(30));
        scheduler.asset(account, "late.example", now);
        scheduler
                .jdbc()
                .sql("update scheduler.scope set next_due = next_due - interval '1 hour' where scan_id is null")
                .update();
        floor.reached(floor.from(now), now, now);
        assertThat(due.claim(10_000, now.plusSeconds(14), Duration.ofSeconds(30)))
                .isEmpty();

        assertThat(due.claim(10_000, now.plusSeconds(15), Duration.ofSeconds(30)))
                .hasSize(TestScheduler.checkers());
    }

    @Test
    void a_look_that_finds_nothing_need_not_be_whole_again_at_the_next_tick() {
        scheduler.asset(scheduler.account("free"), "a.example", now.plusSeconds(3_600));

        assertThat(scheduler.bean(Pace.class).take(10, now)).isZero();

        assertThat(floor.from(now.plusMillis(500))).isNotEqualTo(Sql.NEVER);
        assertThat(floor.from(now.plusSeconds(15))).isEqualTo(Sql.NEVER);
    }

    /// What the look for a single due scope reads.
    private long buffers() {
        var plan = scheduler
                .jdbc()
                .sql("""
                explain (analyze, buffers, timing off, costs off)
                select next_due from scheduler.scope where next_due >= :since and next_due <= :now order by next_due limit 1
                """)
                .param("since", floor.from(now))
                .param("now", Sql.at(now))
                .query(String.class)
                .list();
        return read(plan);
    }

    private static long read(List<String> plan) {
        var found = BUFFERS.matcher(String.join("\n", plan));
        return found.find()
                ? Long.parseLong(found.group(1)) + (found.group(2) == null ? 0 : Long.parseLong(found.group(2)))
                : 0;
    }
}
