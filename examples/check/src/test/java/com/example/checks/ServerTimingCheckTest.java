package com.example.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import outrider.checker.check.CheckRunner;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckId;
import outrider.insight.Severity;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.FoundInsight;
import outrider.scan.ReportLine;
import outrider.scan.ScanJob;

/// The check in the checker as it is wired in the service, against a server on loopback.
class ServerTimingCheckTest {

    private static final CheckId CHECK = new CheckId("http.server-timing");
    private static final String HOST = "www.shop.test";

    private final LoopbackDns dns = LoopbackDns.start(0).zone(".", "").zone("shop.test", "www A 127.0.0.1");
    private final LoopbackSite site = LoopbackSite.http(0);
    private final AnnotationConfigApplicationContext checker = new AnnotationConfigApplicationContext();

    @Configuration(proxyBeanMethods = false)
    @ComponentScan({"outrider.checker.check", "outrider.checker.egress"})
    static class Wiring {

        @Bean
        CheckCatalog catalog() {
            return CheckCatalog.load();
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @BeforeEach
    void start() {
        TestPropertyValues.of("outrider.egress.allow=127.0.0.0/8", "outrider.dns.resolver=" + dns.address())
                .applyTo(checker);
        checker.register(Wiring.class);
        checker.refresh();
    }

    @AfterEach
    void stop() {
        checker.close();
        site.close();
        dns.close();
    }

    @Test
    void a_server_that_says_nothing_of_its_parts_passes() throws Exception {
        site.answer(Behaviour.page("hello"));

        assertThat(report()).contains(CheckResult.pass(CHECK, site.url(HOST)));
    }

    @Test
    void one_that_tells_fails_and_the_times_are_no_evidence() throws Exception {
        site.answer(Behaviour.page("hello").with("Server-Timing", "db;dur=53.2, cache;desc=\"read\";dur=0.2,db, ;,"));

        assertThat(report())
                .filteredOn(FoundInsight.class::isInstance)
                .map(FoundInsight.class::cast)
                .filteredOn(insight -> insight.check().equals(CHECK))
                .singleElement()
                .satisfies(insight -> {
                    assertThat(insight.subject()).isEqualTo(site.url(HOST));
                    assertThat(insight.severity()).isEqualTo(Severity.INFO);
                    assertThat(insight.evidence()).containsEntry("parts", "cache\ndb");
                });
    }

    @Test
    void one_that_does_not_answer_is_an_error() throws Exception {
        site.connect(LoopbackSite.Connect.RESET);

        assertThat(report())
                .filteredOn(CheckResult.class::isInstance)
                .map(CheckResult.class::cast)
                .filteredOn(result -> result.check().equals(CHECK))
                .extracting(CheckResult::state)
                .containsExactly(CheckState.ERROR);
    }

    private List<ReportLine> report() throws Exception {
        var id = new UUID(0, 1);
        var endpoints = List.of(Endpoint.of(site.url(HOST)));
        var lines = new ArrayList<ReportLine>();
        checker.getBean(CheckRunner.class)
                .run(
                        new ScanJob(id, 1, id, id, AssetKind.ZONE, "shop.test", endpoints, "http", Instant.EPOCH),
                        lines::add);
        return lines;
    }
}
