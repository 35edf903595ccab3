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
import outrider.scheduler.Paging;
import outrider.scheduler.due.Checkers;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// Scans by REST: start them now, and see where each is.
@RestController
final class ScanController {

    private final ScanDesk desk;
    private final OnDemandScans onDemand;
    private final OpenScans scans;
    private final Standings standings;
    private final Checkers checkers;
    private final int most;

    ScanController(
            ScanDesk desk,
            OnDemandScans onDemand,
            OpenScans scans,
            Standings standings,
            Checkers checkers,
            DispatchProperties properties) {
        this.desk = desk;
        this.onDemand = onDemand;
        this.scans = scans;
        this.standings = standings;
        this.checkers = checkers;
        this.most = properties.maxScansPerRequest();
    }

    /// What to scan: one asset, or all of an account.
    ///
    /// @param checkers by which checkers; null: by all
    /// @param pageToken of the answer before, where an account has more assets than fit into one request
    record ScanRequest(
            @Nullable UUID assetId,
            @Nullable UUID accountId,
            @Nullable Set<@Nullable String> checkers,
            @Nullable String pageToken) {}

    /// Starts scans now. Those that fit into one request are started and answered; with `next_page_token` there are
    /// more assets, for the next request. What an account orders by its own token counts against its quota.
    @PostMapping("/v1/scans")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Page<ScanDesk.Ordered> start(@RequestBody ScanRequest request) {
        var wantedCheckers = checkers(request.checkers());
        var limit = Math.max(1, most / wantedCheckers.size());
        var assets = assets(request, limit);
        var some = assets.stream().limit(limit).toList();
        var account = request.accountId();
        var chargedTo = Caller.current().account();
        var ordered = account == null
                ? desk.order(some.getFirst(), wantedCheckers, chargedTo)
                : desk.orderOf(account, some, wantedCheckers, chargedTo);
        return new Page<>(ordered, assets.size() > limit ? PageToken.encode(some.getLast()) : null);
    }

    /// Where the asset stands with each checker, and why it is not scanned just now.
    @GetMapping("/v1/assets/{id}/scans")
    Page<Standings.Standing> scansOf(@PathVariable UUID id) {
        return new Page<>(standings.of(visible(id)), null);
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
            return List.of(visible(asset));
        }
        if (account == null || asset != null) {
            throw ProblemException.invalid("asset_id", "give either asset_id or account_id");
        }
        if (!Caller.current().sees(account) || !onDemand.accountExists(account)) {
            throw ProblemException.notFound("account");
        }
        return onDemand.assets(account, Paging.after(request.pageToken()), limit + 1);
    }

    private UUID visible(UUID asset) {
        var owner = onDemand.owner(asset);
        if (owner == null || !Caller.current().sees(owner)) {
            throw ProblemException.notFound("asset");
        }
        return asset;
    }
}
