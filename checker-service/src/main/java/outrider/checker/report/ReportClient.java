package outrider.checker.report;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import outrider.checker.report.Regions.State;
import outrider.scan.MalformedWireException;
import outrider.scan.ReportOutcome;
import outrider.scan.Wire;
import outrider.trace.Traces;

/// One `POST /v1/reports`: sends reports, reads the answer, and sorts failures into refusals and trouble.
/// Whatever is thrown on the way is trouble.
@Component
final class ReportClient implements AutoCloseable {

    private static final int MAX_WHY = 500;
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
    /// Answers that say nothing about the reports: they come before anything of them is read.
    private static final Set<Integer> BEFORE_THE_BODY = Set.of(401, 403, 404, 405, 408, 429);

    private final RenewedClient http;
    private final Regions regions;
    private final Bearer bearer;
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
        this.bearer = new Bearer(address.tokens().bearer());
        this.properties = properties;
        this.traces = traces;
        this.clock = clock;
        metrics.inUse(regions);
    }

    /// Sends reports together; a large one only alone. What a region is in no state to take goes on to the
    /// next.
    ///
    /// @param evidence whether trouble says something about the region; it does not when a report is known for it
    ReportAnswer post(List<FinishedReport> reports, boolean evidence) throws InterruptedException {
        for (var untried = regions.all().size() - 1; ; untried--) {
            var url = regions.choose();
            var exchange = exchange(url, reports);
            if (!evidence && exchange.answer() instanceof ReportAnswer.Trouble) {
                return exchange.answer();
            }
            var others = regions.found(url, exchange.region(), exchange.why()) && untried > 0;
            if (exchange.region() == State.NEAR || !others || !(exchange.answer() instanceof ReportAnswer.Trouble)) {
                return exchange.answer();
            }
        }
    }

    /// Whether an address of the API answers its readiness well. One that does not serve that route tells nothing
    /// about it, and counts as well: to send a report is then the only way to know.
    boolean isReady() throws InterruptedException {
        for (var url : regions.all()) {
            var request = HttpRequest.newBuilder(url.resolve("/actuator/health/readiness"));
            try {
                var answer = Exchanges.send(http.current(), request.build(), PROBE_TIMEOUT);
                if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                    return true;
                }
            } catch (IOException | RuntimeException e) {
                // Nor does it tell that it is ready.
            }
        }
        return false;
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
            var exchange = attempt(url, reports, Traces.traceparent(span));
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

    private Exchange attempt(URI url, List<FinishedReport> reports, @Nullable String traceparent)
            throws InterruptedException {
        String token;
        try {
            token = bearer.read();
        } catch (IOException e) {
            var why = "the token of this service cannot be used: " + e.getMessage();
            return new Exchange(new ReportAnswer.Trouble(why, null, false), State.NEAR, "");
        }
        try {
            return send(url, reports, traceparent, token);
        } catch (IOException e) {
            var why = without(token, "the insights API cannot be reached: " + e);
            return new Exchange(new ReportAnswer.Trouble(why, null, !isConnecting(e)), State.AWAY, why);
        } catch (RuntimeException e) {
            // Its message may quote the request, and the request holds the token.
            var why = "the request could not be made: " + e.getClass().getName();
            return new Exchange(new ReportAnswer.Trouble(why, null, true), State.NEAR, "");
        }
    }

    private static boolean isConnecting(IOException e) {
        return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
    }

    private Exchange send(URI url, List<FinishedReport> reports, @Nullable String traceparent, String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-ndjson")
                .header("Authorization", "Bearer " + token);
        if (traceparent != null) {
            request.header(Traces.TRACEPARENT, traceparent);
        }
        var timeout = properties.timeout();
        if (reports.getFirst() instanceof FinishedReport.Large large) {
            timeout = properties.large().timeout();
            request.header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(large::body), large.length()));
        } else {
            request.POST(BodyPublishers.ofByteArrays(
                    reports.stream().map(ReportClient::lines).toList()));
        }
        var response = Exchanges.send(http.current(), within(request, timeout).build(), timeout);
        var region = region(response);
        var brief = without(token, brief(response));
        return new Exchange(sort(response, reports.size(), brief), region, region == State.AWAY ? brief : "");
    }

    /// An answer may quote what it was sent.
    private static String without(String token, String text) {
        return text.replace(token, "(token)");
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

    private ReportAnswer sort(HttpResponse<byte[]> response, int sent, String brief) {
        return switch (response.statusCode()) {
            case 200 -> outcomes(response.body(), sent);
            case 400, 413, 422 -> new ReportAnswer.Refused(brief);
            default ->
                new ReportAnswer.Trouble(
                        brief,
                        RetryAfter.of(response.headers(), clock.instant(), properties.maxRetryAfter()),
                        !BEFORE_THE_BODY.contains(response.statusCode()));
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
                            "%d reports were sent and %d answered".formatted(sent, items.size()), null, true);
        } catch (MalformedWireException e) {
            return new ReportAnswer.Trouble("the answer cannot be read: " + e.getMessage(), null, true);
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
