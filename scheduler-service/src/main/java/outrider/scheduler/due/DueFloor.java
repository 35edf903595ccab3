package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// From where on this replica looks for what is due.
///
/// The index of due times is a queue: its lowest entries are those of scopes just claimed. As long as some old
/// snapshot is held (a backup, a stale replication slot) nothing can clear them away, and whoever began at the
/// lowest would read all of them each time. So a claim begins where the last one ended. What becomes due below
/// that, or was held by a claim that failed, is found by a whole look every 15 seconds, and what became due
/// within the last ten by each.
@Component
public final class DueFloor {

    private static final Duration WHOLE_LOOK_INTERVAL = Duration.ofSeconds(15);
    /// What is made due at once gets its time before its transaction ends.
    private static final Duration MAX_TRANSACTION = Duration.ofSeconds(10);

    private @Nullable Instant floor;
    private @Nullable Instant wholeLook;

    /// From which due time on to look, as a parameter of a statement: `-infinity` for a whole look.
    synchronized Object from(Instant now) {
        var last = wholeLook;
        var start = floor;
        if (last == null || start == null || now.isBefore(last) || !now.isBefore(last.plus(WHOLE_LOOK_INTERVAL))) {
            return Sql.NEVER;
        }
        var recent = now.minus(MAX_TRANSACTION);
        return Sql.at(start.isBefore(recent) ? start : recent);
    }

    /// A claim from `from` on ended there.
    ///
    /// @param last the highest due time it claimed; null: it found nothing
    synchronized void reached(Object from, @Nullable Instant last, Instant now) {
        if (from.equals(Sql.NEVER)) {
            wholeLook = now;
            floor = last == null ? now : last;
        } else if (last != null && (floor == null || last.isAfter(floor))) {
            floor = last;
        }
    }

    /// Begins anew with a whole look.
    public synchronized void reset() {
        floor = null;
        wholeLook = null;
    }
}
