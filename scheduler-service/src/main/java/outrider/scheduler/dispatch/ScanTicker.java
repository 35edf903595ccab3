package outrider.scheduler.dispatch;

import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;
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
    private final DispatchMetrics metrics;
    private final Clock clock;
    private final int batch;
    private final Duration lease;

    ScanTicker(
            DueScopes due,
            Pace pace,
            Publications publications,
            JobPublisher publisher,
            DispatchMetrics metrics,
            Clock clock,
            ScheduleProperties schedule,
            DispatchProperties dispatch) {
        this.due = due;
        this.pace = pace;
        this.publications = publications;
        this.publisher = publisher;
        this.metrics = metrics;
        this.clock = clock;
        this.batch = schedule.batch();
        this.lease = dispatch.claimLease();
    }

    /// One round. First what was claimed and never published, by this replica or one that died: as long as Kafka does
    /// not take that, nothing more is claimed.
    ///
    /// @return whether there is more to do at once
    boolean tick() {
        var now = clock.instant();
        var unpublished = publications.takeUnpublished(batch, now, lease);
        metrics.republished(unpublished.size());
        publisher.publish(unpublished);

        var allowed = pace.take(batch, now);
        if (allowed == 0) {
            return unpublished.size() == batch;
        }
        var claimed = due.claim(allowed, now, lease);
        pace.giveBack(allowed - claimed.size());
        publisher.publish(claimed);
        return claimed.size() == batch;
    }
}
