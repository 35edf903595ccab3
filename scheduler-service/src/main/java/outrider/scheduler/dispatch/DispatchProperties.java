package outrider.scheduler.dispatch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How scans are handed to the lanes and looked after there.
///
/// @param claimLease how long a claim may take to be published before any replica publishes it again
/// @param checkAfter how old an open scan gets before the sweeper looks after it
/// @param lostAfter how long after its lane has settled it an open scan is given up; it may have gone on to the
/// slow lane
/// @param sweepEvery how often the sweeper goes round
/// @param fastBudget how long a job of a fast checker may run
/// @param slowBudget how long a job of a slow checker may run
/// @param interactiveExpiresAfter how long a scan on demand may wait for its run
/// @param onDemandPerHour how many scans on demand an account may order in an hour by its own tokens
/// @param maxScansPerRequest the most scans that one request may start
@ConfigurationProperties("outrider.dispatch")
record DispatchProperties(
        @DefaultValue("30s") Duration claimLease,
        @DefaultValue("10m") Duration checkAfter,
        @DefaultValue("6h") Duration lostAfter,
        @DefaultValue("1m") Duration sweepEvery,
        @DefaultValue("60s") Duration fastBudget,
        @DefaultValue("4h") Duration slowBudget,
        @DefaultValue("24h") Duration interactiveExpiresAfter,
        @DefaultValue("5000") int onDemandPerHour,
        @DefaultValue("1000") int maxScansPerRequest) {

    DispatchProperties {
        if (claimLease.toSeconds() < 1) {
            throw new IllegalArgumentException("outrider.dispatch.claim-lease must be a second or more");
        }
        if (lostAfter.compareTo(slowBudget) <= 0) {
            throw new IllegalArgumentException(
                    "outrider.dispatch.lost-after must be longer than slow-budget: a scan that still runs is not lost");
        }
        if (maxScansPerRequest < 1 || onDemandPerHour < 1) {
            throw new IllegalArgumentException(
                    "outrider.dispatch.max-scans-per-request and outrider.dispatch.on-demand-per-hour must be 1 or more");
        }
    }
}
