package outrider.lanes;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// A record that was polled and is to be run, or moved to where it is.
///
/// @param notBefore in milliseconds since 1970; 0 for at once
/// @param publishTo the lane whose topic it belongs on; null when it is to be run here
record Polled(
        ConsumerRecord<byte[], byte[]> record,
        Unsettled unsettled,
        long notBefore,
        @Nullable String publishTo) {}
