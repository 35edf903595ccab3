package outrider.scheduler.keys;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A key as operators see it: without its secrets.
///
/// @param accountId the only account it may see; null: all
/// @param createdBy the subject of the token that made it
/// @param secrets the newest first; two while it is being rotated
record ApiKey(
        UUID id,
        String name,
        List<String> scopes,
        @Nullable UUID accountId,
        Instant createdAt,
        String createdBy,
        List<Secret> secrets) {

    ApiKey {
        scopes = List.copyOf(scopes);
        secrets = List.copyOf(secrets);
    }

    /// What is known of a secret.
    ///
    /// @param lastUsedAt to the minute; null: never
    record Secret(
            Instant createdAt, Instant expiresAt, @Nullable Instant lastUsedAt) {}
}
