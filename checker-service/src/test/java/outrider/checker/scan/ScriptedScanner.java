package outrider.checker.scan;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import outrider.checker.check.ReportSink;
import outrider.insight.CheckId;
import outrider.scan.CheckResult;
import outrider.scan.ScanJob;

/// Scans that do what the test says, by the name of their asset, instead of looking at anything.
final class ScriptedScanner implements ScanJobHandler.Scanner {
    private final Map<UUID, AtomicInteger> runs = new ConcurrentHashMap<>();
    private volatile ScanJobHandler.Scanner script = ScriptedScanner::passed;

    @TestConfiguration
    static class Configuration {
        @Bean
        @Primary
        ScriptedScanner scripted() {
            return new ScriptedScanner();
        }

        @Bean
        InMemorySpanExporter spans() {
            return InMemorySpanExporter.create();
        }
    }

    static void passed(ScanJob scan, ReportSink report) throws IOException {
        report.add(CheckResult.pass(new CheckId("dns.spf"), scan.name()));
    }

    void script(ScanJobHandler.Scanner newScript) {
        script = newScript;
    }

    int runs(UUID scan) {
        return runs.getOrDefault(scan, new AtomicInteger()).get();
    }

    @Override
    public void run(ScanJob scan, ReportSink report) throws InterruptedException, IOException {
        runs.computeIfAbsent(scan.scanId(), id -> new AtomicInteger()).incrementAndGet();
        script.run(scan, report);
    }
}
