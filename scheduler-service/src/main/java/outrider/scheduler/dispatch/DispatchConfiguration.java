package outrider.scheduler.dispatch;

import org.apache.kafka.clients.admin.Admin;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.util.backoff.ExponentialBackOff;
import outrider.scheduler.due.ScheduleProperties;
import outrider.web.Loop;

/// What dispatch needs besides its own classes: the topics, the broker's admin client, and its periodic work.
@Configuration(proxyBeanMethods = false)
class DispatchConfiguration {

    @Bean
    KafkaAdmin.NewTopics topics(TopicProperties properties) {
        return new KafkaAdmin.NewTopics(properties.topics());
    }

    @Bean
    Admin admin(KafkaAdmin settings) {
        return Admin.create(settings.getConfigurationProperties());
    }

    /// Whoever sends reports what was not taken, once for all of it; a line for every record would bury that.
    @Bean
    ProducerListener<Object, Object> silence() {
        return new ProducerListener<>() {};
    }

    /// Unreadable outcomes never get this far, so what fails is the database: the same batch again, until it is
    /// back.
    @Bean
    CommonErrorHandler untilItWorks() {
        var pause = new ExponentialBackOff(500, 2);
        pause.setMaxInterval(15_000);
        return new DefaultErrorHandler(pause);
    }

    /// Two, so that one claims while the other waits for Kafka. They share nothing, as two replicas.
    @Bean
    Loop tickLoop(ScanTicker ticker, ScheduleProperties properties) {
        return new Loop("ticker", properties.tick(), ticker::tick);
    }

    @Bean
    Loop secondTickLoop(ScanTicker ticker, ScheduleProperties properties) {
        return new Loop("second-ticker", properties.tick(), ticker::tick);
    }

    @Bean
    Loop sweepLoop(LostScanSweeper sweeper, DispatchProperties properties) {
        return new Loop("sweeper", properties.sweepEvery(), sweeper::sweep);
    }
}
