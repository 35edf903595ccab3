package outrider.bench.write.arm;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Whose insights a report holds.
///
/// @param number what the rivals' tables call it; ours numbers scopes itself
public record Scope(UUID account, UUID asset, long number) {
    private static final AtomicLong COUNT = new AtomicLong();

    /// One that no report has been written of.
    public static Scope fresh() {
        return new Scope(UUID.randomUUID(), UUID.randomUUID(), COUNT.incrementAndGet());
    }
}
