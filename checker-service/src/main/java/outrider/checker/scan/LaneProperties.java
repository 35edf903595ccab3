package outrider.checker.scan;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import outrider.lanes.LaneSettings;
import outrider.lanes.Topology;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scan.Topics;

/// How each lane runs. Every checker of the fleet must be told the same topics of every lane, also of those it
/// does not run.
@ConfigurationProperties("outrider.lanes")
record LaneProperties(OfLane fast, OfLane slow, OfLane interactive) {

    private static final int ATTEMPTS = 3;
    private static final int HAND_OFF_BURST = 10;
    private static final int SETTLED_PER_HAND_OFF = 50;
    private static final Duration GRACE = Duration.ofSeconds(5);

    LaneProperties {
        settings(Lane.FAST, fast, slow, interactive);
        settings(Lane.SLOW, fast, slow, interactive);
        settings(Lane.INTERACTIVE, fast, slow, interactive);
    }

    /// One lane.
    ///
    /// @param topics what the lane reads, the topic where its jobs are published first; two lanes may share one
    /// @param permits how many scans run or report at once in this process
    /// @param overflow how many more may go on past their soft budget
    /// @param softBudget past it a scan gives its permit back: to the overflow, else by being handed off
    /// @param hardBudget past it a scan is interrupted and its checks end in ERROR
    /// @param handOffTo the lane that takes over scans that turn out slow; not given: none does
    /// @param turnsByAccount whether jobs take turns by account, and no account has more than three quarters of
    /// the permits
    /// @param retryDelay between two attempts of a scan whose checker crashed
    /// @param revokeDrain how long scans may finish when their partitions go elsewhere; the others wait for it
    /// @param shutdownDrain how long scans may finish when this process stops
    record OfLane(
            List<String> topics,
            int permits,
            @DefaultValue("0") int overflow,
            Duration softBudget,
            Duration hardBudget,
            @Nullable Lane handOffTo,
            @DefaultValue("false") boolean turnsByAccount,
            Duration retryDelay,
            @DefaultValue("2s") Duration revokeDrain,
            @DefaultValue("20s") Duration shutdownDrain) {}

    LaneSettings settings(Lane lane) {
        return settings(lane, fast, slow, interactive);
    }

    OfLane of(Lane lane) {
        return of(lane, fast, slow, interactive);
    }

    private static OfLane of(Lane lane, OfLane fast, OfLane slow, OfLane interactive) {
        return switch (lane) {
            case FAST -> fast;
            case SLOW -> slow;
            case INTERACTIVE -> interactive;
        };
    }

    private static LaneSettings settings(Lane lane, OfLane fast, OfLane slow, OfLane interactive) {
        var topics = new LinkedHashMap<String, List<String>>();
        topics.put(Lane.FAST.id(), fast.topics());
        topics.put(Lane.SLOW.id(), slow.topics());
        topics.put(Lane.INTERACTIVE.id(), interactive.topics());
        var own = of(lane, fast, slow, interactive);
        var handOffTo = own.handOffTo();
        return LaneSettings.of(lane.id(), new Topology(topics))
                .withPermits(own.permits(), own.overflow())
                .withBudget(new LaneSettings.Budget(own.softBudget(), own.hardBudget(), GRACE))
                .withRetry(new LaneSettings.Retry(lane.retryTopic(), Topics.DEAD, own.retryDelay(), ATTEMPTS))
                .withHandOff(
                        handOffTo == null
                                ? null
                                : new LaneSettings.HandOff(handOffTo.id(), HAND_OFF_BURST, SETTLED_PER_HAND_OFF))
                .withTurnsBy(own.turnsByAccount() ? JobHeaders.ACCOUNT : null)
                .withDrain(new LaneSettings.Drain(own.revokeDrain(), own.shutdownDrain()));
    }
}
