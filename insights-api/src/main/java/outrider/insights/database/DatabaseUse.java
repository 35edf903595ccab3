package outrider.insights.database;

import java.sql.Connection;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one request with reports may take of the database, and what it took: its budget and its bill.
///
/// It belongs to the thread that runs [#during]: connections that this thread takes count as connections for reports,
/// and its statements end when the budget does.
public final class DatabaseUse {

    private static final ScopedValue<DatabaseUse> CURRENT = ScopedValue.newInstance();

    private long deadline;
    private long waited;
    private long blocked;
    private int roundTrips;

    /// Begins to count the budget now.
    public DatabaseUse(Duration budget) {
        this.deadline = System.nanoTime() + budget.toNanos();
    }

    /// Lowers the budget; it never rises.
    public void limit(Duration budget) {
        deadline = Math.min(deadline, System.nanoTime() + budget.toNanos());
    }

    /// The use that this thread is in, if it is in one.
    static @Nullable DatabaseUse current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /// Runs the work under this budget and puts it on this bill.
    public <T> T during(Supplier<T> work) {
        return ScopedValue.where(CURRENT, this).call(work::get);
    }

    /// The connection, its statements ending with the budget of the use that this thread is in, if it is in one.
    public static Connection limit(Connection connection) {
        var use = current();
        return use == null ? connection : GatedConnection.of(connection, () -> {}, use);
    }

    /// What is left of the budget; zero or less when it is used up.
    public Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    /// How long connections were waited for.
    public Duration waited() {
        return Duration.ofNanos(waited);
    }

    /// How long the database's answers were waited for: its work and the way there and back.
    public Duration blocked() {
        return Duration.ofNanos(blocked);
    }

    /// How often the database was sent something and then waited for.
    public int roundTrips() {
        return roundTrips;
    }

    void addWait(long nanos) {
        waited += nanos;
    }

    void addAnswer(long nanos, boolean firstOfRoundTrip) {
        blocked += nanos;
        if (firstOfRoundTrip) {
            roundTrips++;
        }
    }
}
