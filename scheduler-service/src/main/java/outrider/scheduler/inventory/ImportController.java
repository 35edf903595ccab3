package outrider.scheduler.inventory;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import outrider.scan.Wire;
import outrider.web.Caller;
import outrider.web.LineReader;
import outrider.web.ProblemException;

/// Assets in large numbers, as a stream.
@RestController
final class ImportController {

    private static final String CSV = "text/csv";

    private final AssetImport assets;
    private final AccountRepository accounts;
    private final InventoryProperties properties;

    ImportController(AssetImport assets, AccountRepository accounts, InventoryProperties properties) {
        this.assets = assets;
        this.accounts = accounts;
        this.properties = properties;
    }

    /// The last line of an answer.
    record End(Map<AssetImport.Kind, Integer> end) {}

    /// The last line of the answer to a body that could not be read to its end.
    record BrokenOff(Map<AssetImport.Kind, Integer> brokenOff, String why) {}

    @Operation(
            summary = "Import assets",
            description =
                    "One asset a line, as NDJSON or as CSV with the columns kind, name and endpoints. May be gzipped."
                            + " The answer is NDJSON: a line with the outcome of each, in their order, and an end line with the"
                            + " counts. It begins when the whole body has been read. What was read before an import broke off is"
                            + " there, and its outcomes are the answer, with the status of what went wrong and a broken_off line"
                            + " in place of the end line; sent again, it has the outcome existed.",
            requestBody =
                    @RequestBody(
                            content = {
                                @Content(mediaType = Bodies.NDJSON, schema = @Schema(type = "string")),
                                @Content(mediaType = CSV, schema = @Schema(type = "string"))
                            }))
    @PostMapping(
            path = "/v1/accounts/{id}/assets:import",
            consumes = {Bodies.NDJSON, CSV},
            produces = Bodies.NDJSON)
    void importAssets(
            @PathVariable UUID id,
            InputStream body,
            @RequestHeader(HttpHeaders.CONTENT_TYPE) String type,
            @RequestHeader(name = HttpHeaders.CONTENT_ENCODING, defaultValue = "identity") String encoding,
            HttpServletResponse response)
            throws IOException {
        if (!Caller.current().sees(id) || accounts.find(id).isEmpty()) {
            throw ProblemException.notFound("account");
        }
        // Kept on disk until all is read: a client that sends everything before it reads would wait for us, and we for
        // it.
        var spool = Files.createTempFile("outrider-import-", ".ndjson");
        try {
            var broke = read(id, body, encoding, type, spool);
            if (broke != null) {
                response.setStatus(broke.status().value());
            }
            response.setContentType(Bodies.NDJSON);
            Files.copy(spool, response.getOutputStream());
        } finally {
            Files.delete(spool);
        }
    }

    private @Nullable ProblemException read(UUID account, InputStream body, String encoding, String type, Path spool)
            throws IOException {
        LineReader lines;
        AssetImport.Format format;
        try {
            lines = lines(body, encoding);
            format = type.toLowerCase(Locale.ROOT).startsWith(CSV)
                    ? ImportFormats.csv(lines.next())
                    : ImportFormats.ndjson();
        } catch (IOException e) {
            throw AssetImport.brokeOff();
        }
        return write(account, lines, format, spool);
    }

    private @Nullable ProblemException write(UUID account, LineReader lines, AssetImport.Format format, Path spool)
            throws IOException {
        var counts = new EnumMap<AssetImport.Kind, Integer>(AssetImport.Kind.class);
        try (var out = new BufferedOutputStream(Files.newOutputStream(spool))) {
            var broke = assets.run(account, lines, format, outcome -> {
                counts.merge(outcome.outcome(), 1, Integer::sum);
                out.write(Wire.write(outcome));
                out.write('\n');
            });
            if (broke != null && counts.isEmpty()) {
                throw broke;
            }
            var last = broke == null ? new End(counts) : new BrokenOff(counts, String.valueOf(broke.getMessage()));
            out.write(Wire.write(last));
            out.write('\n');
            return broke;
        }
    }

    private LineReader lines(InputStream body, String encoding) throws IOException {
        return new LineReader(
                Bodies.plain(body, encoding), properties.maxImport().toBytes(), "send it in parts");
    }
}
