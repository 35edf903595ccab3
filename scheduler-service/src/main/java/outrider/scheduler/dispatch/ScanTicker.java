package outrider.scheduler.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;
import outrider.scheduler.Transactions;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.Pace;
import outrider.scheduler.due.ScheduleProperties;

/// The heartbeat of the schedule: each tick claims what is due, as much as the rate lets it, and publishes it.
@Component
final class ScanTicker {

    private final DueScopes due;
    private final Pace pace;
    private final Publications publications;
    private final JobPublisher publisher;
    private final Transactions transactions;
    private final DispatchMetrics metrics;
    private final Clock clock;
    private final int batch;
    private final Duration lease;

    ScanTicker(
            DueScopes due,
            Pace pace,
            Publications publications,
            JobPublisher publisher,
            Transactions transactions,
            DispatchMetrics metrics,
            Clock clock,
            ScheduleProperties schedule,
            DispatchProperties dispatch) {
        this.due = due;
        this.pace = pace;
        this.publications = publications;
        this.publisher = publisher;
        this.transactions = transactions;
        this.metrics = metrics;
        this.clock = clock;
        this.batch = schedule.batch();
        this.lease = dispatch.claimLease();
    }

    /// One round. First what was claimed and never published, by this replica or one that died: as long as Kafka
    /// does not take that, nothing more is claimed.
    ///
    /// @return whether there is more to do at once
    boolean tick() {
        var now = clock.instant();
        if (republish(now) >= batch) {
            return true;
        }
        var allowed = pace.take(batch, now);
        if (allowed == 0) {
            return false;
        }
        var claimed = transactions.execute(() -> due.claim(allowed, now, lease));
        pace.giveBack(allowed - claimed.size());
        publisher.publish(claimed);
        return claimed.size() == batch;
    }

    private int republish(Instant now) {
        var republished = 0;
        while (republished < batch) {
            var taken = transactions.execute(() -> publications.takeUnpublished(now, lease));
            if (taken.isEmpty()) {
                break;
            }
            metrics.republished(taken.get().size());
            publisher.publish(taken.get());
            republished += Math.max(1, taken.get().size());
        }
        return republished;
    }
}
