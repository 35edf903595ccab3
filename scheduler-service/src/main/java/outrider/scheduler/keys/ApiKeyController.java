package outrider.scheduler.keys;

import io.swagger.v3.oas.annotations.Operation;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import outrider.scheduler.Paging;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// API keys by REST: operators make them, whoever holds one exchanges it for a token.
@RestController
final class ApiKeyController {

    private static final Duration USUAL_VALIDITY = Duration.ofDays(90);
    private static final Duration USUAL_OVERLAP = Duration.ofDays(1);
    private static final int LONGEST_NAME = 200;

    private final ApiKeys keys;
    private final ApiKeyRepository repository;
    private final ApiKeyProperties properties;

    ApiKeyController(ApiKeys keys, ApiKeyRepository repository, ApiKeyProperties properties) {
        this.keys = keys;
        this.repository = repository;
        this.properties = properties;
    }

    /// @param accountId the only account the key may see; null: all
    /// @param validity an ISO 8601 duration; null: 90 days
    record NewKey(
            String name,
            List<String> scopes,
            @Nullable UUID accountId,
            @Nullable String validity) {}

    /// @param overlap how long the secrets before stay valid; null: a day
    /// @param validity of the new secret; null: 90 days
    record Rotation(@Nullable String overlap, @Nullable String validity) {}

    /// @param secret told this once
    record FreshView(String secret, ApiKey key) {

        static FreshView of(ApiKeys.Fresh fresh) {
            return new FreshView(fresh.secret(), fresh.key());
        }

        @Override
        public String toString() {
            return "FreshView[…]"; // it is logged where somebody debugs
        }
    }

    record Exchange(String key) {

        @Override
        public String toString() {
            return "Exchange[…]"; // it is logged where somebody debugs
        }
    }

    @PostMapping("/admin/keys")
    ResponseEntity<FreshView> make(@RequestBody NewKey body) {
        var name = body.name().strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid("name", "must have 1 to %d printable characters".formatted(LONGEST_NAME));
        }
        var caller = Caller.current();
        if (body.scopes().isEmpty() || !caller.scopes().containsAll(body.scopes())) {
            throw ProblemException.invalid(
                    "scopes", "must be some of those of your own token: " + String.join(", ", caller.scopes()));
        }
        var scopes = body.scopes().stream().distinct().sorted().toList();
        var fresh = keys.make(name, scopes, body.accountId(), validity(body.validity()), caller.subject())
                .orElseThrow(() -> ProblemException.invalid("account_id", "there is no such account"));
        return ResponseEntity.created(URI.create("/admin/keys/" + fresh.key().id()))
                .body(FreshView.of(fresh));
    }

    @GetMapping("/admin/keys")
    Page<ApiKey> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var size = PageToken.limit(limit);
        var found = repository.list(Paging.after(pageToken), size + 1);
        return Paging.page(found, size, ApiKey::id, key -> key);
    }

    @Operation(summary = "Give a key a new secret", description = "Those before stay valid for the overlap.")
    @PostMapping("/admin/keys/{id}:rotate")
    FreshView rotate(@PathVariable UUID id, @RequestBody Rotation body) {
        var key = repository.find(id).orElseThrow(ApiKeyController::notFound);
        if (!Caller.current().scopes().containsAll(key.scopes())) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "forbidden", "The key has scopes that your own token does not have.");
        }
        var overlap = duration("overlap", body.overlap(), USUAL_OVERLAP, Duration.ZERO);
        return keys.rotate(id, overlap, validity(body.validity()))
                .map(FreshView::of)
                .orElseThrow(ApiKeyController::notFound);
    }

    @DeleteMapping("/admin/keys/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable UUID id) {
        if (!keys.remove(id)) {
            throw notFound();
        }
    }

    @Operation(summary = "Exchange an API key for a token", description = "Ask again when the token ends.")
    @PostMapping("/v1/tokens")
    ApiKeys.Token exchange(@RequestBody Exchange body) {
        return keys.exchange(body.key())
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.UNAUTHORIZED, "unauthorized", "There is no such key, or it has ended."));
    }

    private Duration validity(@Nullable String text) {
        return duration("validity", text, USUAL_VALIDITY, Duration.ofMinutes(1));
    }

    private Duration duration(String field, @Nullable String text, Duration usual, Duration shortest) {
        try {
            var duration = text == null ? usual : Duration.parse(text);
            if (duration.compareTo(shortest) >= 0 && duration.compareTo(properties.longest()) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // The same answer as for one out of bounds.
        }
        throw ProblemException.invalid(
                field, "must be a duration from %s to %s, such as P90D".formatted(shortest, properties.longest()));
    }

    private static ProblemException notFound() {
        return ProblemException.notFound("key");
    }
}
