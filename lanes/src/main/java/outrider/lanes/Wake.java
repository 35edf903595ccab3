package outrider.lanes;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/// Ends the poll that is under way, at most once, and only if there is one.
///
/// The poll thread arms it before it decides what to pause: whatever changes after that decision ends the
/// poll, so no change is slept through.
final class Wake {
    private final AtomicReference<@Nullable Consumer<?, ?>> polling = new AtomicReference<>();

    void arm(Consumer<?, ?> consumer) {
        polling.set(consumer);
    }

    void disarm() {
        polling.set(null);
    }

    void signal() {
        // Looked at first: a write that changes nothing still takes the line away from the other cores.
        var consumer = polling.get() == null ? null : polling.getAndSet(null);
        if (consumer != null) {
            consumer.wakeup();
        }
    }
}
