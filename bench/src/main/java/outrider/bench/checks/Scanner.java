package outrider.bench.checks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import outrider.bench.BenchException;
import outrider.checker.check.CheckRunner;
import outrider.insight.CheckCatalog;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.Lane;
import outrider.scan.ScanJob;

/// The checks as they are wired in the service, without the lanes that bring the jobs and the report that takes what is
/// found: those have suites of their own.
final class Scanner implements AutoCloseable {
    /// The checkers of the fast lane: one run of each is a full scan.
    static final List<String> CHECKERS = CheckCatalog.load().checkers().entrySet().stream()
            .filter(checker -> checker.getValue() == Lane.FAST)
            .map(Map.Entry::getKey)
            .toList();

    private static final Map<String, Object> ENDLESS_PATIENCE = Map.of(
            "outrider.checks.look-timeout", "10m",
            "outrider.egress.connect-timeout", "10m",
            "outrider.egress.read-timeout", "10m",
            "outrider.egress.exchange-timeout", "10m");

    private final AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
    private final CheckRunner runner;

    private Scanner(String resolver, Path trust, Map<String, Object> timeouts) {
        var properties = new HashMap<>(timeouts);
        properties.put("outrider.egress.allow", "127.0.0.0/8");
        properties.put("outrider.dns.resolver", resolver);
        properties.put("outrider.trust", trust.toString());
        application.getEnvironment().getPropertySources().addFirst(new MapPropertySource("bench", properties));
        application.register(Wiring.class);
        application.refresh();
        runner = application.getBean(CheckRunner.class);
    }

    /// With the timeouts that the service has.
    static Scanner of(String resolver, Path trust) {
        return new Scanner(resolver, trust, Map.of());
    }

    /// Waits for every host as long as it takes.
    static Scanner patient(String resolver, Path trust) {
        return new Scanner(resolver, trust, ENDLESS_PATIENCE);
    }

    /// Runs one checker, whatever comes of it.
    ///
    /// @return why a check could not tell, if one could not
    Optional<String> scan(String checker, List<Endpoint> endpoints) throws InterruptedException {
        var id = UUID.randomUUID();
        var job = new ScanJob(id, 1, id, id, AssetKind.ZONE, Target.DOMAIN, endpoints, checker, Instant.now());
        var trouble = new AtomicReference<@Nullable String>();
        try {
            runner.run(job, line -> {
                if (line instanceof CheckResult result && result.state() == CheckState.ERROR) {
                    trouble.set(result.check() + ": " + result.why());
                }
            });
        } catch (IOException e) {
            throw new BenchException("a scan ended early", e);
        }
        return Optional.ofNullable(trouble.get());
    }

    /// Runs one checker on a host without fault.
    ///
    /// @throws BenchException when a check could not tell: such a scan is not to be counted
    void scanHealthy(String checker, List<Endpoint> endpoints) throws InterruptedException {
        var trouble = scan(checker, endpoints);
        if (trouble.isPresent()) {
            throw new BenchException("a check of a healthy host could not tell: " + trouble.get());
        }
    }

    @Override
    public void close() {
        application.close();
    }

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
}
