package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import outrider.scheduler.TestScheduler;

class TopicPropertiesTest {

    @Test
    void shapes_the_topics_of_the_fleet() {
        var topics = Stream.of(new TopicProperties(30, Duration.ofDays(14)).topics())
                .collect(Collectors.toMap(NewTopic::name, NewTopic::numPartitions));

        assertThat(topics)
                .containsEntry("scan-jobs.fast", 30)
                .containsEntry("scan-jobs.fast.retry", 6)
                .containsEntry("outrider-inventory", 1)
                .containsEntry("outrider-catalog", 1);
    }

    @Test
    void every_topic_is_there_once_the_service_has_started() throws Exception {
        var scheduler = TestScheduler.byHand();

        assertThat(scheduler.bean(Admin.class).listTopics().names().get())
                .containsAll(Stream.of(scheduler.bean(TopicProperties.class).topics())
                        .map(NewTopic::name)
                        .toList());
    }

    @Test
    void refuses_a_retention_below_the_longest_interval() {
        assertThatThrownBy(() -> new TopicProperties(30, Duration.ofDays(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.kafka.retention");
    }
}
