package outrider.insights.query;

import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.insights.query.CoverageRepository.Cursor;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// Answers, per asset and check, when it was last looked at, how that went, why not, and whether it is stale.
@RestController
final class CoverageController {

    private final CoverageRepository repository;

    CoverageController(CoverageRepository repository) {
        this.repository = repository;
    }

    @Operation(summary = "Show how well assets are covered", description = "By asset and check; of all assets seen.")
    @GetMapping("/v1/coverage")
    Page<CoverageView> coverage(
            @RequestParam(name = "account_id", required = false) @Nullable UUID accountId,
            @RequestParam(name = "asset_id", required = false) @Nullable UUID assetId,
            @RequestParam(required = false) @Nullable Boolean stale,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var size = PageToken.limit(limit);
        var caller = Caller.current();
        if (accountId != null && !caller.sees(accountId)) {
            return new Page<>(List.of(), null);
        }
        var account = accountId != null ? accountId : caller.account();
        var items = repository.page(account, assetId, stale, pageToken == null ? null : cursor(pageToken), size + 1);
        var page = items.subList(0, Math.min(size, items.size()));
        return new Page<>(
                page,
                items.size() > size
                        ? PageToken.encode(
                                page.getLast().assetId(), page.getLast().check())
                        : null);
    }

    private static Cursor cursor(String pageToken) {
        var keys = PageToken.decode(pageToken, 2);
        try {
            return new Cursor(UUID.fromString(keys.getFirst()), keys.getLast());
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed("page_token", "not a token of this list; leave it out to start over");
        }
    }
}
