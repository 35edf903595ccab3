package outrider.scheduler.inventory;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import outrider.scan.AssetKind;
import outrider.scan.Wire;
import outrider.web.Caller;
import outrider.web.ProblemException;

/// The records of zones, in and out as streams.
@RestController
final class RecordController {

    /// RFC 4027.
    private static final String ZONE_FILE = "text/dns";

    private final Records records;
    private final AssetRepository assets;
    private final InventoryProperties properties;

    RecordController(Records records, AssetRepository assets, InventoryProperties properties) {
        this.records = records;
        this.assets = assets;
        this.properties = properties;
    }

    /// How many records a zone has now.
    record Count(int records) {}

    /// The last line of an answer: without it, the answer has broken off.
    record End(Count end) {}

    @Operation(
            summary = "Import the records of a zone",
            description =
                    "A zone file, or NDJSON with name, type, ttl and data. Replaces all records of the zone, in one moment"
                            + " and only if the whole body could be read. May be gzipped; at most 500,000 records.",
            requestBody =
                    @RequestBody(
                            content = {
                                @Content(mediaType = ZONE_FILE, schema = @Schema(type = "string")),
                                @Content(mediaType = Bodies.NDJSON, schema = @Schema(type = "string"))
                            }))
    @PostMapping(
            path = "/v1/assets/{id}/records:import",
            consumes = {ZONE_FILE, Bodies.NDJSON})
    Count importRecords(
            @PathVariable UUID id,
            InputStream body,
            @RequestHeader(HttpHeaders.CONTENT_TYPE) String type,
            @RequestHeader(name = HttpHeaders.CONTENT_ENCODING, defaultValue = "identity") String encoding) {
        var zone = seen(id);
        if (zone.kind() != AssetKind.ZONE) {
            throw ProblemException.conflict("%s is a host: only zones have records.".formatted(zone.name()));
        }
        var reader = new ZoneReader(zone.name(), properties.maxImport().toBytes());
        try (var loading = records.load(zone)) {
            var plain = Bodies.plain(body, encoding);
            if (type.toLowerCase(Locale.ROOT).startsWith(ZONE_FILE)) {
                reader.zoneFile(plain, loading::add);
            } else {
                reader.ndjson(plain, loading::add);
            }
            return loading.finish().map(Count::new).orElseThrow(() -> ProblemException.notFound("asset"));
        } catch (IOException e) {
            throw ProblemException.malformed("body", "broke off or cannot be unzipped; the records are as they were");
        }
    }

    /// The records, a JSON object a line and an end line; those of one import, whatever happens meanwhile. Who reads
    /// so slowly that they are deleted under his hands gets no end line.
    @GetMapping(path = "/v1/assets/{id}/records", produces = Bodies.NDJSON)
    void list(@PathVariable UUID id, HttpServletResponse response) throws IOException {
        seen(id);
        var generation = records.current(id);
        response.setContentType(Bodies.NDJSON);
        var out = new BufferedOutputStream(response.getOutputStream());
        if (generation.isEmpty() || write(generation.get(), out)) {
            var count = generation.map(Records.Generation::records).orElse(0);
            out.write(Wire.write(new End(new Count(count))));
            out.write('\n');
        }
        out.flush();
    }

    /// Whether all were there.
    boolean write(Records.Generation generation, OutputStream out) throws IOException {
        var last = 0;
        while (last < generation.records()) {
            var page = records.page(generation.id(), last);
            if (page.isEmpty()) {
                return false;
            }
            for (var placed : page) {
                if (placed.position() != last + 1) {
                    return false;
                }
                out.write(Wire.write(placed.record()));
                out.write('\n');
                last++;
            }
        }
        return true;
    }

    private Asset seen(UUID id) {
        return assets.find(id)
                .filter(asset -> Caller.current().sees(asset.accountId()))
                .orElseThrow(() -> ProblemException.notFound("asset"));
    }
}
