package outrider.scheduler.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.springframework.http.HttpStatus;
import outrider.web.ProblemException;

/// The bodies of imports.
final class Bodies {

    static final String NDJSON = "application/x-ndjson";

    private Bodies() {}

    /// The body, unzipped where it is zipped.
    static InputStream plain(InputStream body, String encoding) throws IOException {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "identity" -> body;
            case "gzip" -> new GZIPInputStream(body);
            default ->
                throw ProblemException.of(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "unsupported-encoding",
                        "Content-Encoding must be gzip or left out.");
        };
    }
}
