package outrider.scheduler.dispatch;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import outrider.scan.ScanOutcome;
import outrider.scheduler.Audit;
import outrider.scheduler.BrokerAwayException;
import outrider.scheduler.Transactions;
import outrider.scheduler.due.QueuedScan;

/// Starts scans on demand, past the schedule and its rate.
@Component
final class ScanDesk {

    private static final Logger LOG = LoggerFactory.getLogger(ScanDesk.class);

    private final OnDemandScans onDemand;
    private final OpenScans scans;
    private final OnDemandQuota quota;
    private final JobPublisher publisher;
    private final Audit audit;
    private final Transactions transactions;
    private final DispatchProperties properties;
    private final Clock clock;

    ScanDesk(
            OnDemandScans onDemand,
            OpenScans scans,
            OnDemandQuota quota,
            JobPublisher publisher,
            Audit audit,
            Transactions transactions,
            DispatchProperties properties,
            Clock clock) {
        this.onDemand = onDemand;
        this.scans = scans;
        this.quota = quota;
        this.publisher = publisher;
        this.audit = audit;
        this.transactions = transactions;
        this.properties = properties;
        this.clock = clock;
    }

    /// A scan that was asked for.
    record Ordered(UUID scanId, UUID assetId, String checker) {}

    private record Opening(List<Ordered> waiting, List<QueuedScan> opened) {}

    /// Orders a scan of the asset by each checker. One that is on order already and has not begun is not
    /// ordered twice; a routine scan that is open gives way. An order that starts a scan is noted in the audit.
    ///
    /// @param chargedTo the account whose quota the new ones count against; null: nobody's
    List<Ordered> order(UUID asset, Collection<String> checkers, @Nullable UUID chargedTo) {
        return order("asset.scan", "asset/" + asset, List.of(asset), checkers, chargedTo);
    }

    /// Likewise for assets of one account, all of which or some at a time somebody wants scanned.
    List<Ordered> orderOf(
            UUID account, Collection<UUID> assets, Collection<String> checkers, @Nullable UUID chargedTo) {
        return order("account.scan", "account/" + account, assets, checkers, chargedTo);
    }

    private List<Ordered> order(
            String action,
            String target,
            Collection<UUID> assets,
            Collection<String> checkers,
            @Nullable UUID chargedTo) {
        var opening = transactions.execute(() -> {
            var order = open(assets, checkers, chargedTo);
            note(action, target, assets, checkers, order.opened());
            return order;
        });
        try {
            publisher.publish(opening.opened());
        } catch (BrokerAwayException e) {
            LOG.warn("Scans on demand wait until Kafka is back: {}", e.getMessage());
        }
        var opened = opening.opened().stream()
                .map(QueuedScan::job)
                .map(job -> new Ordered(job.scanId(), job.assetId(), job.checker()));
        return Stream.concat(opening.waiting().stream(), opened).toList();
    }

    /// What starts nothing is not noted: it costs no quota either, so that nothing would bound how often it is
    /// asked.
    private void note(
            String action,
            String target,
            Collection<UUID> assets,
            Collection<String> checkers,
            List<QueuedScan> opened) {
        if (!opened.isEmpty()) {
            var after = Map.<String, Object>of(
                    "account", opened.getFirst().job().accountId(),
                    "assets", assets.size(),
                    "checkers", checkers.stream().sorted().toList(),
                    "scans", opened.size());
            audit.ordered(action, target, null, after);
        }
    }

    private Opening open(Collection<UUID> assets, Collection<String> checkers, @Nullable UUID chargedTo) {
        var now = clock.instant();
        var waiting = new ArrayList<Ordered>();
        var giveWay = new ArrayList<OpenScans.Closing>();
        var toOpen = new ArrayList<OnDemandScans.Wanted>();
        for (var scope : onDemand.lock(assets, checkers)) {
            var open = scope.scanId();
            if (open != null && scope.waiting()) {
                waiting.add(new Ordered(open, scope.assetId(), scope.checker()));
                continue;
            }
            if (open != null) {
                giveWay.add(superseded(scope, open, now));
            }
            toOpen.add(scope);
        }
        if (chargedTo != null) {
            quota.take(chargedTo, toOpen.size(), now);
        }
        scans.close(giveWay, now);
        var expiry = properties.interactiveExpiresAfter();
        return new Opening(waiting, onDemand.open(toOpen, now, properties.claimLease(), expiry));
    }

    private static OpenScans.Closing superseded(OnDemandScans.Wanted scope, UUID open, Instant now) {
        return new OpenScans.Closing(
                scope.assetId(),
                open,
                scope.sequence(),
                ScanOutcome.Kind.SUPERSEDED,
                Objects.requireNonNull(scope.lane()),
                now,
                null,
                "a scan on demand took its place",
                null,
                false);
    }
}
