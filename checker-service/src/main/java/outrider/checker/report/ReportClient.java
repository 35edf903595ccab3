package outrider.checker.report;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.net.URI;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import outrider.checker.report.Regions.State;
import outrider.scan.MalformedWireException;
import outrider.scan.ReportOutcome;
import outrider.scan.Wire;
import outrider.trace.Traces;

/// One `POST /v1/reports`: sends reports, reads the answer, and sorts failures into refusals and trouble.
@Component
final class ReportClient implements AutoCloseable {

    private static final int MAX_WHY = 500;

    private final RenewedClient http;
    private final Regions regions;
    private final Path bearer;
    private final ReportProperties properties;
    private final Traces traces;
    private final Clock clock;

    @Autowired
    ReportClient(
            InsightsAddress address, ReportProperties properties, ReportMetrics metrics, Traces traces, Clock clock) {
        this(address, properties, metrics, traces, clock, Time.REAL);
    }

    ReportClient(
            InsightsAddress address,
            ReportProperties properties,
            ReportMetrics metrics,
            Traces traces,
            Clock clock,
            Time time) {
        this.http = new RenewedClient(address.insights().connectionAge(), time);
        this.regions = new Regions(address.insights(), time);
        this.bearer = address.tokens().bearer();
        this.properties = properties;
        this.traces = traces;
        this.clock = clock;
        metrics.inUse(regions);
    }

    /// Sends reports together; a large one only alone. What a region is in no state to take goes on to the
    /// next.
    ReportAnswer post(List<FinishedReport> reports) throws InterruptedException {
        for (var untried = regions.all().size() - 1; ; untried--) {
            var url = regions.choose();
            var exchange = exchange(url, reports);
            var others = regions.found(url, exchange.region(), exchange.why()) && untried > 0;
            if (exchange.region() == State.NEAR || !others || !(exchange.answer() instanceof ReportAnswer.Trouble)) {
                return exchange.answer();
            }
        }
    }

    /// An answer, and what it says of the region that gave it, or did not.
    ///
    /// @param why the region is away; empty when it is not
    private record Exchange(ReportAnswer answer, State region, String why) {}

    private Exchange exchange(URI base, List<FinishedReport> reports) throws InterruptedException {
        var url = base.resolve("/v1/reports");
        var span = traces.span("POST /v1/reports", SpanKind.CLIENT)
                .setAttribute("http.request.method", "POST")
                .setAttribute("url.full", url.toString())
                .startSpan();
        try {
            var exchange = send(url, reports, Traces.traceparent(span));
            switch (exchange.answer()) {
                case ReportAnswer.Outcomes _ -> {}
                case ReportAnswer.Refused(var why) -> span.setStatus(StatusCode.ERROR, why);
                case ReportAnswer.Trouble trouble -> span.setStatus(StatusCode.ERROR, trouble.why());
            }
            return exchange;
        } finally {
            span.end();
        }
    }

    private Exchange send(URI url, List<FinishedReport> reports, @Nullable String traceparent)
            throws InterruptedException {
        String token;
        try {
            token = Files.readString(bearer).strip();
        } catch (IOException e) {
            return new Exchange(
                    new ReportAnswer.Trouble("the token of this service cannot be read: " + e, null), State.NEAR, "");
        }
        try {
            var request = HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/x-ndjson")
                    .header("Authorization", "Bearer " + token);
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
            var response = http.current().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            var region = region(response);
            return new Exchange(sort(response, reports.size()), region, region == State.AWAY ? brief(response) : "");
        } catch (IOException e) {
            var why = "the insights API cannot be reached: " + e;
            return new Exchange(new ReportAnswer.Trouble(why, null), State.AWAY, why);
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

    /// What an answer says of the region that gave it. An error that is no problem of ours comes from something
    /// before the API that found none ready.
    private static State region(HttpResponse<byte[]> response) {
        var headers = response.headers();
        var ours = headers.firstValue("Content-Type").orElse("").startsWith("application/problem+json");
        return switch (headers.firstValue(Wire.PRIMARY).orElse("near")) {
            case "near" -> response.statusCode() >= 500 && !ours ? State.AWAY : State.NEAR;
            case "far" -> State.FAR;
            default -> State.AWAY;
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
        http.close();
    }

    private record Outcomes(List<ReportOutcome> items) {}
}
