package outrider.scheduler.dispatch;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scheduler.BrokerAwayException;

/// Answers the question: how far has a lane settled its jobs?
@Component
final class LaneFrontier {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin kafka;

    LaneFrontier(Admin kafka) {
        this.kafka = kafka;
    }

    /// The frontier of each lane by partition: every job below it is settled. Nothing for a lane that never ran.
    ///
    /// @throws BrokerAwayException when the brokers do not tell
    Map<Lane, Map<TopicPartition, OffsetAndMetadata>> of(Collection<Lane> lanes) {
        var frontiers = new HashMap<Lane, Map<TopicPartition, OffsetAndMetadata>>();
        for (var lane : lanes) {
            frontiers.put(lane, committed(lane));
        }
        return frontiers;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(Lane lane) {
        try {
            return kafka.listConsumerGroupOffsets(lane.group())
                    .partitionsToOffsetAndMetadata()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw new BrokerAwayException(
                    "Kafka does not tell the offsets of %s: %s".formatted(lane.group(), e.getCause()));
        } catch (TimeoutException e) {
            throw new BrokerAwayException("Kafka does not tell the offsets of %s in time".formatted(lane.group()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerAwayException("Interrupted while asking for the offsets of %s".formatted(lane.group()));
        }
    }
}
