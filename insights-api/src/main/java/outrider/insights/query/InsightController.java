package outrider.insights.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckId;
import outrider.insight.Severity;
import outrider.insights.query.InsightRepository.Cursor;
import outrider.insights.query.InsightRepository.Found;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// Lists insights, and shows one with its evidence and its history.
@RestController
final class InsightController {

    private final InsightRepository repository;
    private final CheckCatalog catalog;

    InsightController(InsightRepository repository, CheckCatalog catalog) {
        this.repository = repository;
        this.catalog = catalog;
    }

    @Operation(
            summary = "List insights",
            description =
                    "The worst first, and of equals the newest. Where nothing is said of states: open, suspected.")
    @FilterParameters
    @GetMapping("/v1/insights")
    InsightPage list(
            @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var size = PageToken.limit(limit);
        var filter = InsightFilter.ofList(parameters, Caller.current(), "limit", "page_token");
        var total = repository.count(filter, InsightPage.MAX_TOTAL + 1);
        var items = repository.page(filter, pageToken == null ? null : cursor(pageToken), size + 1);
        var page = items.subList(0, Math.min(size, items.size()));
        var next = items.size() > size
                ? PageToken.encode(page.getLast().severity(), page.getLast().id())
                : null;
        return new InsightPage(page, Math.min(total, InsightPage.MAX_TOTAL), total > InsightPage.MAX_TOTAL, next);
    }

    @Operation(
            summary = "Show an insight",
            description = "With its evidence, how to see it oneself and how to mend it.")
    @GetMapping("/v1/insights/{id}")
    InsightDetail show(@PathVariable UUID id) {
        var found = find(id);
        var check = catalog.find(new CheckId(found.insight().check())).orElse(null);
        return InsightDetail.of(found.insight(), found.evidence(), check);
    }

    @Operation(summary = "Show what happened to an insight", description = "The oldest first, from its opening.")
    @GetMapping("/v1/insights/{id}/history")
    Page<HistoryEntry> history(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var size = PageToken.limit(limit);
        var found = find(id);
        var recorded = repository.history(found, pageToken == null ? Instant.EPOCH : recordedAt(pageToken), size + 1);
        var page = recorded.subList(0, Math.min(size, recorded.size()));
        var items = new ArrayList<HistoryEntry>();
        if (pageToken == null) {
            items.add(new HistoryEntry(found.insight().firstSeen(), "opened", found.openedSequence(), null, null));
        }
        page.forEach(event -> items.add(event.entry()));
        return new Page<>(
                items, recorded.size() > size ? PageToken.encode(page.getLast().recordedAt()) : null);
    }

    private Found find(UUID id) {
        return repository
                .find(id, InsightFilter.visibleTo(Caller.current()))
                .orElseThrow(() -> ProblemException.notFound("insight"));
    }

    private static Cursor cursor(String pageToken) {
        var keys = PageToken.decode(pageToken, 2);
        try {
            return new Cursor(Severity.valueOf(keys.getFirst()), UUID.fromString(keys.getLast()));
        } catch (IllegalArgumentException e) {
            throw foreignToken();
        }
    }

    private static Instant recordedAt(String pageToken) {
        try {
            return Instant.parse(PageToken.decode(pageToken, 1).getFirst());
        } catch (DateTimeParseException e) {
            throw foreignToken();
        }
    }

    private static ProblemException foreignToken() {
        return ProblemException.malformed("page_token", "not a token of this list; leave it out to start over");
    }
}
