package outrider.checker.scan;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import outrider.checker.check.CheckProperties;
import outrider.checker.check.CheckRunner;
import outrider.checker.report.Reporter;
import outrider.checker.report.Spool;
import outrider.checker.report.Upstream;
import outrider.insight.CheckCatalog;
import outrider.trace.Traces;
import outrider.web.Loop;

/// Puts the lanes together: what scans, what reports, and the broker's clients.
@Configuration(proxyBeanMethods = false)
class ScanConfiguration {

    /// Creates what is missing at the start.
    @Bean
    KafkaAdmin.NewTopics topics(TopicProperties properties) {
        return new KafkaAdmin.NewTopics(properties.topics());
    }

    @Bean
    ScanJobHandler.Scanner scanner(CheckRunner runner) {
        return runner::run;
    }

    @Bean
    TracedScans scans(
            ScanJobHandler.Scanner scanner,
            CheckCatalog catalog,
            Spool spool,
            Reporter reporter,
            Outcomes outcomes,
            Traces traces,
            Clock clock) {
        return new TracedScans(new ScanJobHandler(scanner, catalog, spool, reporter, outcomes, traces, clock), traces);
    }

    @Bean
    Lanes lanes(
            LaneProperties properties,
            CheckerProperties checker,
            TracedScans scans,
            ConsumerFactory<byte[], byte[]> consumers,
            ProducerFactory<?, ?> producers,
            Upstream upstream,
            MeterRegistry registry) {
        return new Lanes(properties, checker.lanes(), scans, consumers, producers, upstream, registry);
    }

    @Bean
    Loop catalogLoop(CatalogPublisher publisher, CheckProperties properties) {
        return new Loop("catalog", properties.publishEvery(), () -> {
            publisher.publish();
            return false;
        });
    }
}
