package outrider.insights.ingest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import outrider.scan.CompareLine;
import outrider.scan.Wire;
import outrider.web.Caller;
import outrider.web.ProblemException;

/// `POST /v1/reports:compare`: which insights a report must bring with their bodies. Writes nothing and promises
/// nothing: the report itself is checked under the lock of its scope.
@RestController
final class CompareController {

    private final CompareReader reader;
    private final CompareRepository repository;
    private final RequestProperties limits;

    CompareController(CompareReader reader, CompareRepository repository, RequestProperties limits) {
        this.reader = reader;
        this.repository = repository;
        this.limits = limits;
    }

    @Operation(
            summary = "Ask which insights are new or changed",
            description = "A line of type report, a known line for each insight of the scan, and an end line. Answers a"
                    + " needed line for each insight whose body the report must hold, and an end line.",
            requestBody =
                    @RequestBody(
                            content = @Content(mediaType = ReportController.NDJSON, schema = @Schema(type = "string"))))
    @PostMapping(path = "/v1/reports:compare", consumes = ReportController.NDJSON)
    ResponseEntity<StreamingResponseBody> compare(
            InputStream body,
            @RequestHeader(name = HttpHeaders.CONTENT_ENCODING, defaultValue = "identity") String encoding) {
        var question = read(body, encoding);
        var known = repository.known(question);
        var insights = question.insights();
        StreamingResponseBody answer = stream -> {
            var out = new BufferedOutputStream(stream, 64 * 1024);
            for (var n = known.nextClearBit(0); n < insights.size(); n = known.nextClearBit(n + 1)) {
                out.write(line(new CompareLine.Needed(insights.key(n))));
                out.write('\n');
            }
            out.write(line(new CompareLine.End(insights.size() - known.cardinality())));
            out.write('\n');
            out.flush();
        };
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(ReportController.NDJSON))
                .body(answer);
    }

    private CompareReader.Question read(InputStream body, String encoding) {
        try {
            return reader.read(ReportController.plain(body, encoding, limits), Caller.current()::sees);
        } catch (IOException e) {
            throw ProblemException.malformed("body", "broke off, stalled or cannot be unzipped");
        }
    }

    private static byte[] line(CompareLine line) {
        return Wire.JSON.writerFor(CompareLine.class).writeValueAsBytes(line);
    }
}
