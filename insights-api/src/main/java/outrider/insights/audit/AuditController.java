package outrider.insights.audit;

import io.swagger.v3.oas.annotations.Operation;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.insights.audit.AuditRepository.Cursor;
import outrider.insights.audit.AuditRepository.Filter;
import outrider.scan.AuditRecord;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// `/admin/audit`: what was ordered, by whom, and what held before.
@RestController
final class AuditController {
    private final AuditRepository repository;

    AuditController(AuditRepository repository) {
        this.repository = repository;
    }

    @Operation(summary = "List what operators ordered", description = "The newest first.")
    @GetMapping("/admin/audit")
    Page<AuditRecord> list(
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String target,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var size = PageToken.limit(limit);
        var cursor = pageToken == null ? Cursor.BEGINNING : cursor(pageToken);
        var items = repository.page(new Filter(actor, action, target, since), cursor, size + 1);
        var page = items.subList(0, Math.min(size, items.size()));
        return new Page<>(
                page,
                items.size() > size
                        ? PageToken.encode(page.getLast().at(), page.getLast().id())
                        : null);
    }

    private static Cursor cursor(String pageToken) {
        var keys = PageToken.decode(pageToken, 2);
        try {
            return new Cursor(Instant.parse(keys.getFirst()), UUID.fromString(keys.getLast()));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw ProblemException.malformed("page_token", "not a token of this list; leave it out to start over");
        }
    }
}
