package outrider.scheduler;

import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/// Another transaction that changes rows while work under test waits for them, as a second replica does at the
/// worst of times.
public final class Meanwhile {

    private static final String WAITING = """
            select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            """;

    private Meanwhile() {}

    /// Does the work while another transaction has made that change, and commits that as soon as the work waits
    /// for it.
    public static void changes(TestScheduler scheduler, String change, Runnable work) {
        try (var other =
                        Objects.requireNonNull(scheduler.bean(DataSource.class)).getConnection();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(change);
            var working =
                    CompletableFuture.runAsync(work, task -> Thread.ofPlatform().start(task));
            await().until(() -> working.isDone() || waiting(scheduler) > 0);
            other.commit();
            working.join();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int waiting(TestScheduler scheduler) {
        return scheduler.jdbc().sql(WAITING).query(Integer.class).single();
    }
}
