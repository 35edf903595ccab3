package outrider.lanes;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/// Ends the wait of the poll thread, at most once, and only if it waits.
///
/// The poll thread arms it before it decides what to pause: whatever changes after that decision ends the
/// wait, so no change is slept through.
final class Wake {
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
    private @Nullable Runnable armed;

    void arm() {
        var poller = Thread.currentThread();
        armed = () -> LockSupport.unpark(poller);
        waiting.set(armed);
    }

    /// Waits for records inside the client, unless something has changed since it was armed.
    <K, V> ConsumerRecords<K, V> poll(Consumer<K, V> consumer, Duration longest) {
        return waiting.compareAndSet(armed, consumer::wakeup) ? consumer.poll(longest) : ConsumerRecords.empty();
    }

    /// Waits for a change alone; whether there was one.
    boolean park(Duration longest) {
        if (waiting.get() != null) {
            LockSupport.parkNanos(longest.toNanos());
        }
        return waiting.get() == null;
    }

    void disarm() {
        waiting.set(null);
    }

    void signal() {
        // Looked at first: a write that changes nothing still takes the line away from the other cores.
        var end = waiting.get() == null ? null : waiting.getAndSet(null);
        if (end != null) {
            end.run();
        }
    }
}
