package outrider.checker.report;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import outrider.scan.ReportHeader;
import outrider.trace.Traces;

/// A reporter with its spool, set up as a test wants them: impatient, but for what the test says itself.
public record Reporters(Spool spool, Reporter reporter, Upstream upstream, MeterRegistry meters)
        implements AutoCloseable {

    static final Duration PASS_OVER = Duration.ofSeconds(30);
    static final Duration CONNECTION_AGE = Duration.ofMinutes(1);

    private static final Map<String, String> IMPATIENT = Map.of(
            "outrider.report.linger", "20ms",
            "outrider.report.max-reports", "10",
            "outrider.report.concurrency", "4",
            "outrider.report.timeout", "10s",
            "outrider.report.backoff", "10ms",
            "outrider.report.max-backoff", "40ms",
            "outrider.report.poisoned-backoff", "80ms");

    public static Reporters to(URI api, Path token, Map<String, String> settings) {
        return to(api, token, settings, Time.REAL);
    }

    static Reporters to(URI api, Path token, Map<String, String> settings, Time time) {
        return to(List.of(api), token, settings, time);
    }

    /// To an insights API in several regions, the nearest first.
    static Reporters to(List<URI> api, Path token, Map<String, String> settings, Time time) {
        var properties = properties(settings);
        var meters = new SimpleMeterRegistry();
        var metrics = new ReportMetrics(meters);
        var insights = new InsightsAddress.Insights(api, PASS_OVER, CONNECTION_AGE);
        var address = new InsightsAddress(insights, new InsightsAddress.Tokens(token));
        var traces = new Traces(OpenTelemetry.noop());
        var client = new ReportClient(address, properties, metrics, traces, Clock.systemUTC(), time);
        var upstream = new Upstream(client, properties, metrics);
        return new Reporters(
                new Spool(properties, metrics),
                new Reporter(client, upstream, metrics, properties, time),
                upstream,
                meters);
    }

    /// @param settings by their names below `outrider.report`
    static ReportProperties properties(Map<String, String> settings) {
        var all = new HashMap<>(IMPATIENT);
        settings.forEach((name, value) -> all.put("outrider.report." + name, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bindOrCreate("outrider.report", ReportProperties.class);
    }

    /// The header of a scan that nobody has reported yet.
    public static ReportHeader header() {
        var now = Instant.now();
        return new ReportHeader(UUID.randomUUID(), 1, UUID.randomUUID(), UUID.randomUUID(), "dns", now, now, null);
    }

    static FinishedReport report() {
        return FinishedReport.of(header(), List.of());
    }

    @Override
    public void close() {
        reporter.close();
        upstream.close();
    }
}
