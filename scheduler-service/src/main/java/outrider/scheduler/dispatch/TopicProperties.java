package outrider.scheduler.dispatch;

import java.time.Duration;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.kafka.config.TopicBuilder;
import outrider.scan.TopicSpec;

/// The shape of the topics, which whichever service comes first creates; the same settings for all of them.
///
/// @param partitions how many partitions each lane's topic has; topics with less traffic have a fifth of it
/// @param retention how long jobs are kept: longer than the longest interval of a plan and an outage together
@ConfigurationProperties("outrider.kafka")
record TopicProperties(
        @DefaultValue("30") int partitions,
        @DefaultValue("14d") Duration retention) {

    TopicProperties {
        TopicSpec.requireSense(partitions, retention);
    }

    NewTopic[] topics() {
        return TopicSpec.fleet(partitions, retention).stream()
                .map(spec -> TopicBuilder.name(spec.name())
                        .partitions(spec.partitions())
                        .configs(spec.config())
                        .build())
                .toArray(NewTopic[]::new);
    }
}
