package outrider.scheduler.inventory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.jspecify.annotations.Nullable;
import outrider.scan.MalformedWireException;
import outrider.scan.Wire;
import outrider.web.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The formats in which assets can be imported. Each line is read by itself, so that a bad one spoils no other.
final class ImportFormats {

    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final Set<String> COLUMNS = Set.of("kind", "name", "endpoints");

    /// People write this, and may mistake a field's name.
    private static final JsonMapper STRICT = Wire.JSON
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ImportFormats() {}

    /// A JSON object a line: `{"kind":"zone","name":"example.com","endpoints":["https://www.example.com"]}`.
    static AssetImport.Format ndjson() {
        return line -> wanted(read(line));
    }

    private static AssetController.NewAsset read(byte[] line) {
        AssetController.@Nullable NewAsset asset;
        try {
            asset = STRICT.readValue(line, AssetController.NewAsset.class);
        } catch (JacksonException e) {
            var wrong = new MalformedWireException(e);
            throw ProblemException.malformed(wrong.field().isEmpty() ? "line" : wrong.field(), wrong.reason());
        }
        if (asset == null) {
            throw ProblemException.malformed("line", "null where an object is needed");
        }
        return asset;
    }

    /// A table whose first line names its columns: `kind,name,endpoints`, the last optional, in any order. Several
    /// endpoints are separated by spaces. A record is one line: no field has a line break.
    ///
    /// @param head the first line; a problem document says so when it names no such columns
    static AssetImport.Format csv(byte @Nullable [] head) {
        var columns = (head == null ? List.<String>of() : fields(head))
                .stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
        if (!columns.contains("kind") || !columns.contains("name") || !COLUMNS.containsAll(columns)) {
            throw ProblemException.invalid(
                    "line 1", "must name the columns kind and name, and may name endpoints: kind,name,endpoints");
        }
        return line -> wanted(read(columns, fields(line)));
    }

    private static AssetController.NewAsset read(List<String> columns, List<String> fields) {
        if (fields.size() > columns.size()) {
            throw ProblemException.malformed(
                    "line", "has %d fields, and the first line names %d".formatted(fields.size(), columns.size()));
        }
        var endpoints = field("endpoints", columns, fields).strip();
        return new AssetController.NewAsset(
                field("kind", columns, fields),
                field("name", columns, fields),
                endpoints.isEmpty() ? null : Arrays.asList(endpoints.split("\\s+")));
    }

    private static String field(String column, List<String> columns, List<String> fields) {
        var place = columns.indexOf(column);
        return place < 0 || place >= fields.size() ? "" : fields.get(place);
    }

    private static List<String> fields(byte[] line) {
        var text = new String(line, StandardCharsets.UTF_8);
        var start = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        try (var parser = CSVParser.parse(text.substring(start), CSVFormat.RFC4180)) {
            return parser.stream().flatMap(record -> Stream.of(record.values())).toList();
        } catch (IOException | RuntimeException e) {
            throw ProblemException.malformed("line", "is no CSV: " + e.getMessage());
        }
    }

    private static AssetImport.Wanted wanted(AssetController.NewAsset asset) {
        var kind = Fields.kind(asset.kind());
        return new AssetImport.Wanted(kind, Fields.assetName(kind, asset.name()), Fields.endpoints(asset.endpoints()));
    }
}
