package outrider.checker.report;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.scan.MalformedWireException;
import outrider.scan.ReportOutcome;
import outrider.scan.Wire;
import outrider.trace.Traces;

/// One `POST /v1/reports`: sends reports, reads the answer, and sorts failures into refusals and trouble.
@Component
final class ReportClient implements AutoCloseable {

    private static final int MAX_WHY = 500;

    private final HttpClient http;
    private final URI url;
    private final Path bearer;
    private final ReportProperties properties;
    private final Traces traces;
    private final Clock clock;

    ReportClient(InsightsAddress address, ReportProperties properties, Traces traces, Clock clock) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        this.url = address.insights().url().resolve("/v1/reports");
        this.bearer = address.tokens().bearer();
        this.properties = properties;
        this.traces = traces;
        this.clock = clock;
    }

    /// Sends reports together; a large one only alone.
    ReportAnswer post(List<FinishedReport> reports) throws InterruptedException {
        var span = traces.span("POST /v1/reports", SpanKind.CLIENT)
                .setAttribute("http.request.method", "POST")
                .setAttribute("url.full", url.toString())
                .startSpan();
        try {
            var answer = send(reports, Traces.traceparent(span));
            switch (answer) {
                case ReportAnswer.Outcomes _ -> {}
                case ReportAnswer.Refused(var why) -> span.setStatus(StatusCode.ERROR, why);
                case ReportAnswer.Trouble trouble -> span.setStatus(StatusCode.ERROR, trouble.why());
            }
            return answer;
        } finally {
            span.end();
        }
    }

    private ReportAnswer send(List<FinishedReport> reports, @Nullable String traceparent) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/x-ndjson")
                    .header(
                            "Authorization",
                            "Bearer " + Files.readString(bearer).strip());
            if (traceparent != null) {
                request.header(Traces.TRACEPARENT, traceparent);
            }
            if (reports.getFirst() instanceof FinishedReport.Large large) {
                within(request, properties.large().timeout())
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(large::body), large.length()));
            } else {
                within(request, properties.timeout())
                        .POST(BodyPublishers.ofByteArrays(
                                reports.stream().map(ReportClient::lines).toList()));
            }
            return sort(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()), reports.size());
        } catch (IOException e) {
            return new ReportAnswer.Trouble("the insights API cannot be reached: " + e, null);
        }
    }

    /// Gives up after that time, and says so: the database need not work on for nobody.
    private static HttpRequest.Builder within(HttpRequest.Builder request, Duration timeout) {
        return request.timeout(timeout).header(Wire.BUDGET, timeout.toString());
    }

    private static byte[] lines(FinishedReport report) {
        return switch (report) {
            case FinishedReport.Small(var _, var lines) -> lines;
            case FinishedReport.Large large ->
                throw new IllegalArgumentException("The report of scan %s goes alone".formatted(large.scanId()));
        };
    }

    private ReportAnswer sort(HttpResponse<byte[]> response, int sent) {
        return switch (response.statusCode()) {
            case 200 -> outcomes(response.body(), sent);
            case 400, 413, 422 -> new ReportAnswer.Refused(brief(response));
            default ->
                new ReportAnswer.Trouble(
                        brief(response),
                        RetryAfter.of(response.headers(), clock.instant(), properties.maxRetryAfter()));
        };
    }

    private static ReportAnswer outcomes(byte[] body, int sent) {
        try {
            var items = Wire.read(body, Outcomes.class).items();
            return items.size() == sent
                    ? new ReportAnswer.Outcomes(items)
                    : new ReportAnswer.Trouble(
                            "%d reports were sent and %d answered".formatted(sent, items.size()), null);
        } catch (MalformedWireException e) {
            return new ReportAnswer.Trouble("the answer cannot be read: " + e.getMessage(), null);
        }
    }

    private static String brief(HttpResponse<byte[]> response) {
        var body = new String(response.body(), StandardCharsets.UTF_8);
        return "%d %s"
                .formatted(response.statusCode(), body.length() <= MAX_WHY ? body : body.substring(0, MAX_WHY) + "…");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private record Outcomes(List<ReportOutcome> items) {}
}
