package outrider.checker.letters;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.scan.Lane;
import outrider.web.Caller;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// `/admin/dead-letters`: looks through the jobs that nobody could finish, and has them run again. Any replica
/// answers for the fleet.
@RestController
final class DeadLetterController {
    private final DeadLetters letters;

    DeadLetterController(DeadLetters letters) {
        this.letters = letters;
    }

    @GetMapping("/admin/dead-letters")
    DeadLetters.Letters list(
            @RequestParam(required = false) @Nullable String lane,
            @RequestParam(required = false) @Nullable String checker,
            @RequestParam(name = "account_id", required = false) @Nullable UUID accountId,
            @RequestParam(name = "asset_id", required = false) @Nullable UUID assetId,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var filter = new DeadLetterFilter(
                lane == null ? null : known(lane), checker, accountId, assetId, reason, since, until);
        return letters.find(filter, pageToken, PageToken.limit(limit));
    }

    @GetMapping("/admin/dead-letters:count")
    DeadLetters.Count count() {
        return letters.count();
    }

    @PostMapping("/admin/dead-letters:replay")
    ReplayAnswer replay(@RequestBody ReplayRequest request) throws InterruptedException {
        var caller = Caller.current();
        request.check();
        return request.isDryRun() ? letters.rehearse(request) : letters.replay(request, caller.subject());
    }

    private static Lane known(String lane) {
        try {
            return Lane.of(lane);
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed("lane", String.valueOf(e.getMessage()));
        }
    }
}
