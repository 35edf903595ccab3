package outrider.scan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One topic as every service creates it when it comes first.
///
/// @param config the broker's names and values; what is not there is left to the brokers, as is how many copies it has
public record TopicSpec(String name, int partitions, Map<String, String> config) {

    private static final Duration LEAST_RETENTION = Duration.ofDays(8);
    private static final Duration LETTERS_KEPT = Duration.ofDays(30);
    /// A whole segment goes at once, when all of it is old enough: a letter may outlive its time by weeks, and the mark
    /// that says it was replayed must outlive the letter.
    private static final Duration MARKS_KEPT = LETTERS_KEPT.multipliedBy(3);
    private static final Duration OUTCOMES_KEPT = Duration.ofDays(7);

    public TopicSpec {
        if (partitions < 1) {
            throw new IllegalArgumentException("topic %s: partitions must be 1 or more".formatted(name));
        }
        config = Map.copyOf(config);
    }

    /// Refuses settings that lose jobs, whichever service they are given to.
    ///
    /// @param retention of jobs
    public static void requireSense(int partitions, Duration retention) {
        if (partitions < 1) {
            throw new IllegalArgumentException("outrider.kafka.partitions must be 1 or more");
        }
        if (retention.compareTo(LEAST_RETENTION) < 0) {
            throw new IllegalArgumentException(
                    "outrider.kafka.retention must be 8d or more: jobs of weekly scans would vanish before their next");
        }
    }

    /// Every topic of the fleet.
    ///
    /// @param partitions of each lane's topic; topics with less traffic have a fifth of it
    /// @param retention of jobs: longer than the longest interval of a plan and an outage together
    public static List<TopicSpec> fleet(int partitions, Duration retention) {
        var fewer = Math.ceilDiv(partitions, 5);
        var topics = new ArrayList<TopicSpec>();
        for (var lane : Lane.values()) {
            topics.add(new TopicSpec(lane.topic(), partitions, kept(retention)));
            topics.add(new TopicSpec(lane.retryTopic(), fewer, roomy(retention)));
        }
        topics.add(new TopicSpec(Topics.DEAD, fewer, roomy(LETTERS_KEPT)));
        topics.add(new TopicSpec(Topics.REPLAYED, 1, kept(MARKS_KEPT)));
        topics.add(new TopicSpec(Topics.OUTCOMES, fewer, kept(OUTCOMES_KEPT)));
        topics.add(new TopicSpec(Topics.AUDIT, 1, kept(LETTERS_KEPT)));
        // One partition each: an account is to be read before its assets, and all replicas are to see one order.
        topics.add(new TopicSpec(Topics.INVENTORY, 1, Map.of("cleanup.policy", "compact")));
        topics.add(new TopicSpec(Topics.CATALOG, 1, Map.of("cleanup.policy", "compact")));
        topics.add(new TopicSpec(Topics.CONTROL, 1, Map.of("cleanup.policy", "compact")));
        return topics;
    }

    private static Map<String, String> kept(Duration retention) {
        return Map.of("retention.ms", Long.toString(retention.toMillis()));
    }

    /// Whatever fits into a lane's topic fits here too, together with the headers that say why it is here.
    private static Map<String, String> roomy(Duration retention) {
        return Map.of("retention.ms", Long.toString(retention.toMillis()), "max.message.bytes", "4194304");
    }
}
