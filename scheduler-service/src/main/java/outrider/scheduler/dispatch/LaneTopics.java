package outrider.scheduler.dispatch;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import outrider.scan.Lane;

/// Where the jobs of each lane are published. The checkers read the same settings, so that two lanes may share a
/// topic.
@ConfigurationProperties("outrider.lanes")
record LaneTopics(
        @DefaultValue OfLane fast,
        @DefaultValue OfLane slow,
        @DefaultValue OfLane interactive) {

    /// One lane.
    ///
    /// @param topics what the lane reads, the topic where its jobs are published first; two lanes may share one
    record OfLane(@DefaultValue List<String> topics) {}

    /// The topic where a lane's jobs are published.
    String of(Lane lane) {
        var topics = switch (lane) {
            case FAST -> fast.topics();
            case SLOW -> slow.topics();
            case INTERACTIVE -> interactive.topics();
        };
        return topics.isEmpty() ? lane.topic() : topics.getFirst();
    }
}
