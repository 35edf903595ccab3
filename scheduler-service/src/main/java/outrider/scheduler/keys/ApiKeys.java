package outrider.scheduler.keys;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.Ids;
import outrider.scheduler.Audit;
import outrider.web.ProblemException;
import outrider.web.TokenSigner;

/// Makes, rotates and takes back keys, each change audited in its own transaction, and exchanges their secrets for
/// tokens.
@Component
final class ApiKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

    private final ApiKeyRepository repository;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final ApiKeyProperties properties;
    private final Clock clock;

    ApiKeys(
            ApiKeyRepository repository,
            Audit audit,
            TransactionTemplate transactions,
            ApiKeyProperties properties,
            Clock clock) {
        this.repository = repository;
        this.audit = audit;
        this.transactions = transactions;
        this.properties = properties;
        this.clock = clock;
    }

    /// A key and its newest secret, which nobody can tell again.
    record Fresh(ApiKey key, String secret) {

        @Override
        public String toString() {
            return "Fresh[…]"; // it is logged where somebody debugs
        }
    }

    /// @param expiresAt when the token ends, with its key at the latest
    record Token(String token, Instant expiresAt) {

        @Override
        public String toString() {
            return "Token[…]"; // it is logged where somebody debugs
        }
    }

    /// Makes a key; empty where there is no such account.
    Optional<Fresh> make(String name, List<String> scopes, @Nullable UUID account, Duration validity, String by) {
        var now = clock.instant();
        var key = new ApiKey(Ids.next(clock), name, scopes, account, now, by, List.of());
        return execute(() -> {
            if (!repository.insert(key)) {
                return Optional.empty();
            }
            audit.ordered("key.make", target(key.id()), null, summary(key, now.plus(validity)));
            return Optional.of(withSecret(key.id(), now, now.plus(validity)));
        });
    }

    /// Gives a key one more secret; the ones before end after the overlap.
    Optional<Fresh> rotate(UUID id, Duration overlap, Duration validity) {
        var now = clock.instant();
        return execute(() -> {
            if (!repository.lock(id)) {
                return Optional.empty();
            }
            repository.endSecrets(id, now, now.plus(overlap));
            audit.ordered(
                    "key.rotate",
                    target(id),
                    Map.of("expires_at", now.plus(overlap).toString()),
                    Map.of("expires_at", now.plus(validity).toString()));
            return Optional.of(withSecret(id, now, now.plus(validity)));
        });
    }

    /// Takes a key back; tokens it was exchanged for end by themselves. False when there is none.
    boolean remove(UUID id) {
        return execute(() -> {
            var key = repository.find(id);
            key.ifPresent(known -> audit.ordered("key.remove", target(id), summary(known, null), null));
            return repository.delete(id);
        });
    }

    /// The token for a secret; empty where it is unknown or has ended.
    Optional<Token> exchange(String secret) {
        var file = properties.signing();
        if (file == null) {
            throw ProblemException.unavailable(
                    Duration.ofMinutes(1), "This deployment exchanges no API keys: outrider.keys.signing is not set.");
        }
        var now = clock.instant();
        return repository.holder(Secrets.hash(secret), now).map(holder -> {
            var left = Duration.between(now, holder.expiresAt());
            var validity = left.compareTo(properties.tokenValidity()) < 0 ? left : properties.tokenValidity();
            try {
                var token = TokenSigner.read(file, clock)
                        .mint(target(holder.id()), Set.copyOf(holder.scopes()), holder.account(), validity);
                return new Token(token, now.plus(validity));
            } catch (IOException e) {
                LOG.error("The signing key cannot be read", e);
                throw ProblemException.unavailable(Duration.ofSeconds(10), "Tokens cannot be signed now.");
            }
        });
    }

    private Fresh withSecret(UUID id, Instant now, Instant expires) {
        var secret = Secrets.next();
        repository.addSecret(id, Secrets.hash(secret), now, expires);
        return new Fresh(repository.find(id).orElseThrow(), secret);
    }

    private static Map<String, Object> summary(ApiKey key, @Nullable Instant expires) {
        var summary = new LinkedHashMap<String, Object>(Map.of("name", key.name(), "scopes", key.scopes()));
        if (key.accountId() != null) {
            summary.put("account_id", key.accountId().toString());
        }
        if (expires != null) {
            summary.put("expires_at", expires.toString());
        }
        return summary;
    }

    /// What tokens and the audit call a key.
    private static String target(UUID id) {
        return "key/" + id;
    }

    private <T> T execute(Supplier<T> change) {
        return Objects.requireNonNull(transactions.execute(status -> change.get()));
    }
}
