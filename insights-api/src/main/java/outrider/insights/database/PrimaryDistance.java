package outrider.insights.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/// How far away the primary is: the shortest of the last round trips of a tiny query, on a connection of its own.
///
/// The shortest, because whatever disturbs a measurement makes it longer; a farther primary shows all the
/// same, because a primary moves by ending its connections, and a new connection begins with measurements
/// of its own.
final class PrimaryDistance implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryDistance.class);

    /// Opens a connection that is not shared with anybody.
    interface Opener {
        Connection open() throws SQLException;
    }

    /// Where this replica is: near enough to serve, too far away, or without a primary.
    enum State {
        NEAR,
        FAR,
        LOST
    }

    private final Opener opener;
    private final DatabaseProperties.Primary bounds;
    private final ArrayDeque<Long> trips = new ArrayDeque<>();
    private @Nullable ScheduledExecutorService clock;
    private @Nullable Connection connection;
    private volatile State state = State.LOST;
    private volatile double nanos = Double.NaN;

    PrimaryDistance(Opener opener, DatabaseProperties.Primary bounds) {
        this.opener = opener;
        this.bounds = bounds;
    }

    State state() {
        return state;
    }

    /// The distance in nanoseconds; NaN without a primary.
    double nanos() {
        return nanos;
    }

    /// Measures once, and after a new connection until there are enough samples.
    synchronized void measure() {
        try {
            do {
                var trip = roundTrip();
                trips.addLast(trip);
            } while (trips.size() < bounds.samples());
            while (trips.size() > bounds.samples()) {
                trips.removeFirst();
            }
            settle(Collections.min(trips));
        } catch (SQLException e) {
            disconnect();
            nanos = Double.NaN;
            become(State.LOST, String.valueOf(e.getMessage()));
        }
    }

    private long roundTrip() throws SQLException {
        var open = connection;
        if (open == null) {
            open = opener.open();
            connection = open;
            ask(open); // the first answer of a connection takes longer: its process warms up
        }
        var started = System.nanoTime();
        ask(open);
        return System.nanoTime() - started;
    }

    private static void ask(Connection open) throws SQLException {
        try (var statement = open.prepareStatement("select current_setting('transaction_read_only')::boolean");
                var answer = statement.executeQuery()) {
            if (answer.next() && answer.getBoolean(1)) {
                throw new SQLException("the server at the other end takes no writes: it is not the primary any more");
            }
        }
    }

    private void settle(long shortest) {
        nanos = shortest;
        var bound = state == State.NEAR ? bounds.farFrom() : bounds.nearBelow();
        become(
                shortest < bound.toNanos() ? State.NEAR : State.FAR,
                "it is %.1f ms away".formatted(shortest / (double) TimeUnit.MILLISECONDS.toNanos(1)));
    }

    private void become(State next, String why) {
        if (next != state) {
            LOG.info("The primary is {}: {}", next, why);
        }
        state = next;
    }

    private void disconnect() {
        trips.clear();
        try (var _ = connection) {
            connection = null;
        } catch (SQLException e) {
            LOG.debug("A lost connection could not be closed", e);
        }
    }

    /// Before the web server, so that there is a measurement when the first request comes.
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    @Override
    public synchronized void start() {
        measure();
        var every = bounds.interval().toNanos();
        var executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("primary-distance").factory());
        executor.scheduleWithFixedDelay(this::measure, every, every, TimeUnit.NANOSECONDS);
        clock = executor;
    }

    @Override
    public synchronized void stop() {
        if (clock != null) {
            clock.shutdownNow();
            clock = null;
        }
        disconnect();
    }

    @Override
    public synchronized boolean isRunning() {
        return clock != null;
    }
}
