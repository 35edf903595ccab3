package outrider.scheduler.due;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The database's time, the one clock that all replicas share. Between two looks at it time runs on by
/// itself, so that a host whose own clock is wrong or steps disturbs nothing.
public final class DatabaseClock extends Clock {

    private final JdbcClient jdbc;
    /// Null until somebody asks.
    private volatile @Nullable Reading reading;

    public DatabaseClock(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Reading(Instant at, long nanos) {}

    /// Looks at the database's clock again.
    public void synchronise() {
        reading = read();
    }

    @Override
    public Instant instant() {
        var last = reading;
        if (last == null) {
            last = read();
            reading = last;
        }
        return last.at().plusNanos(System.nanoTime() - last.nanos());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("This clock knows instants only");
    }

    private Reading read() {
        var before = System.nanoTime();
        var at =
                jdbc.sql("select clock_timestamp()").query(OffsetDateTime.class).single();
        return new Reading(at.toInstant(), before + (System.nanoTime() - before) / 2);
    }
}
