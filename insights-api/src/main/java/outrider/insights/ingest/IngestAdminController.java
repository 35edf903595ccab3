package outrider.insights.ingest;

import io.swagger.v3.oas.annotations.Operation;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.insights.ingest.WithheldRepository.Cursor;
import outrider.insights.ingest.WithheldRepository.Withheld;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// `/admin/ingest`: how the write path decides, and the closes it would not do alone.
@RestController
final class IngestAdminController {

    private final IngestFigures figures;
    private final WithheldRepository withheld;

    IngestAdminController(IngestFigures figures, WithheldRepository withheld) {
        this.figures = figures;
        this.withheld = withheld;
    }

    /// Which withheld closes are accepted: those of that scan.
    record Acceptance(UUID accountId, UUID assetId, String checker, UUID scanId) {}

    /// How many insights were closed.
    record Accepted(long closed) {}

    @Operation(
            summary = "Show the write path",
            description = "Its threshold and costs, as the answering replica measured them.")
    @GetMapping("/admin/ingest")
    IngestStatus status() {
        return figures.status();
    }

    @Operation(summary = "List scopes whose last report would have closed implausibly much")
    @GetMapping("/admin/ingest/withheld")
    Page<Withheld> withheld(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var size = PageToken.limit(limit);
        var entries = withheld.page(pageToken == null ? Cursor.BEGINNING : cursor(pageToken), size + 1);
        var page = entries.subList(0, Math.min(size, entries.size()));
        var last = entries.size() > size ? page.getLast().cursor() : null;
        return new Page<>(
                page.stream().map(WithheldRepository.Entry::withheld).toList(),
                last == null ? null : PageToken.encode(last.accountId(), last.scopeId()));
    }

    @Operation(
            summary = "Close what was withheld",
            description = "Of the scan one has looked at; without that, the next scan of the scope decides.")
    @PostMapping("/admin/ingest/withheld:accept")
    Accepted accept(@RequestBody Acceptance acceptance) {
        var caller = Caller.current();
        var scope = new Report.Scope(acceptance.accountId(), acceptance.assetId(), acceptance.checker());
        var closed = withheld.accept(scope, acceptance.scanId(), caller.subject());
        if (closed == null) {
            throw ProblemException.conflict(
                    "Nothing of that scan is withheld: it was accepted, or a later scan has decided. See GET /admin/ingest/withheld.");
        }
        return new Accepted(closed);
    }

    private static Cursor cursor(String pageToken) {
        var keys = PageToken.decode(pageToken, 2);
        try {
            return new Cursor(UUID.fromString(keys.getFirst()), Long.parseLong(keys.getLast()));
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed("page_token", "not a token of this list; leave it out to start over");
        }
    }
}
