package outrider.insights.ingest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import outrider.insights.database.DatabaseUse;
import outrider.scan.ReportOutcome;
import outrider.scan.Wire;
import outrider.trace.Traces;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.ProblemException;

/// `POST /v1/reports`: takes one or many reports and answers each.
@RestController
final class ReportController {

    static final String NDJSON = "application/x-ndjson";

    private final ReportReader reader;
    private final ReportWriter writer;
    private final IngestMetrics metrics;
    private final Traces traces;
    private final RequestProperties limits;

    ReportController(
            ReportReader reader, ReportWriter writer, IngestMetrics metrics, Traces traces, RequestProperties limits) {
        this.reader = reader;
        this.writer = writer;
        this.metrics = metrics;
        this.traces = traces;
        this.limits = limits;
    }

    @Operation(
            summary = "Report scans",
            description =
                    "One JSON value a line. A report is a line of type report, its result lines, its insight lines"
                            + " and an end line with their counts. May be gzipped.",
            requestBody = @RequestBody(content = @Content(mediaType = NDJSON, schema = @Schema(type = "string"))))
    @PostMapping(path = "/v1/reports", consumes = NDJSON)
    Page<ReportOutcome> accept(
            InputStream body,
            @RequestHeader(name = HttpHeaders.CONTENT_ENCODING, defaultValue = "identity") String encoding,
            @Parameter(description = "How long the caller waits, such as PT30S")
                    @RequestHeader(name = Wire.BUDGET, required = false)
                    @Nullable
                    String budget,
            HttpServletResponse response) {
        var timing = new ReportTiming(limits.maxBudget());
        try {
            timing.use().limit(limits.budget(budget));
            var incoming = read(body, encoding);
            timing.endOfParsing();
            return write(incoming, timing.use());
        } finally {
            response.setHeader(ReportTiming.HEADER, timing.header());
            metrics.database(timing.use());
        }
    }

    private Page<ReportOutcome> write(List<Incoming> incoming, DatabaseUse use) {
        try (var spans = IngestSpans.begin(traces, incoming)) {
            if (!use.left().isPositive()) {
                throw ProblemException.unavailable(
                        Duration.ofSeconds(1),
                        "The budget of this request was used up before the database was asked; nothing was applied.");
            }
            var outcomes = use.during(() -> write(incoming));
            spans.answered(outcomes);
            if (incoming.getFirst() instanceof Incoming.Refused refused && incoming.size() == 1) {
                throw ProblemException.invalid(refused.errors());
            }
            return new Page<>(outcomes, null);
        } finally {
            incoming.forEach(Incoming::release);
        }
    }

    private List<ReportOutcome> write(List<Incoming> incoming) {
        var fit = incoming.stream()
                .filter(Report.class::isInstance)
                .map(Report.class::cast)
                .toList();
        var small = metrics.write(() -> writer.write(fit)).iterator();
        return incoming.stream()
                .map(report -> switch (report) {
                    case Report written -> small.next();
                    case LargeReport large ->
                        metrics.write(() -> List.of(writer.write(large))).getFirst();
                    case Incoming.Refused refused -> {
                        metrics.countRejected();
                        yield refused.outcome();
                    }
                    case Incoming.Early early -> {
                        metrics.countEarly();
                        yield early.outcome();
                    }
                })
                .toList();
    }

    private List<Incoming> read(InputStream body, String encoding) {
        var started = metrics.startReading();
        try {
            return reader.read(plain(body, encoding, limits), Caller.current()::sees);
        } catch (IOException e) {
            throw ProblemException.malformed("body", "broke off or cannot be unzipped; nothing was applied");
        } finally {
            metrics.endReading(started);
        }
    }

    /// The body unzipped, given up when it stalls.
    static InputStream plain(InputStream body, String encoding, RequestProperties limits) throws IOException {
        var steady = new SteadyBody(body, limits);
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "identity" -> steady;
            case "gzip" -> new GZIPInputStream(steady);
            default ->
                throw ProblemException.of(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "unsupported-encoding",
                        "Content-Encoding must be gzip or left out.");
        };
    }
}
