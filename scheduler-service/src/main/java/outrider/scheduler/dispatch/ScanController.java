package outrider.scheduler.dispatch;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import outrider.scheduler.due.Checkers;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.ProblemException;

/// Scans by REST: start them now, and see where each is.
@RestController
final class ScanController {

    private final ScanDesk desk;
    private final OnDemandScans onDemand;
    private final OpenScans scans;
    private final Checkers checkers;
    private final int most;

    ScanController(
            ScanDesk desk, OnDemandScans onDemand, OpenScans scans, Checkers checkers, DispatchProperties properties) {
        this.desk = desk;
        this.onDemand = onDemand;
        this.scans = scans;
        this.checkers = checkers;
        this.most = properties.maxScansPerRequest();
    }

    /// What to scan: one asset, or all of an account.
    ///
    /// @param checkers by which checkers; null: by all
    record ScanRequest(
            @Nullable UUID assetId,
            @Nullable UUID accountId,
            @Nullable Set<@Nullable String> checkers) {}

    @PostMapping("/v1/scans")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Page<ScanDesk.Ordered> start(@RequestBody ScanRequest request) {
        var wantedCheckers = checkers(request.checkers());
        var assets = assets(request, most / wantedCheckers.size());
        return new Page<>(desk.order(assets, wantedCheckers), null);
    }

    @GetMapping("/v1/scans/{id}")
    OpenScans.Scan scan(@PathVariable UUID id) {
        return scans.find(id)
                .filter(scan -> Caller.current().sees(scan.accountId()))
                .orElseThrow(() -> ProblemException.notFound("scan, or it is older than the last of its kind"));
    }

    private Set<String> checkers(@Nullable Set<@Nullable String> wanted) {
        if (wanted == null) {
            return checkers.names();
        }
        var known = checkers.names().stream().filter(wanted::contains).collect(Collectors.toSet());
        if (known.isEmpty() || known.size() < wanted.size()) {
            throw ProblemException.invalid(
                    "checkers",
                    "must name at least one of %s; leave it out for all"
                            .formatted(String.join(", ", checkers.names())));
        }
        return known;
    }

    private List<UUID> assets(ScanRequest request, int limit) {
        var asset = request.assetId();
        var account = request.accountId();
        if (asset != null && account == null) {
            var owner = onDemand.owner(asset);
            if (owner == null || !Caller.current().sees(owner)) {
                throw ProblemException.notFound("asset");
            }
            return List.of(asset);
        }
        if (account == null || asset != null) {
            throw ProblemException.invalid("asset_id", "give either asset_id or account_id");
        }
        if (!Caller.current().sees(account) || !onDemand.accountExists(account)) {
            throw ProblemException.notFound("account");
        }
        var assets = onDemand.assets(account, limit + 1);
        if (assets.size() > limit) {
            throw ProblemException.invalid(
                    "account_id",
                    "would start more than %d scans, the most for one request: name fewer checkers, or scan asset by asset"
                            .formatted(most));
        }
        return assets;
    }
}
