package outrider.insights.ingest;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import outrider.scan.Wire;

/// How much one request with reports may carry.
///
/// @param maxRows the lines of all its reports together
/// @param maxBody the body, unzipped
@ConfigurationProperties("outrider.ingest")
record IngestProperties(
        @DefaultValue("10000") int maxRows,
        @DefaultValue("8MB") DataSize maxBody) {

    IngestProperties {
        if (maxRows < 1 || maxRows > 100_000) {
            throw new IllegalArgumentException("outrider.ingest.max-rows must be 1 to 100000, not " + maxRows);
        }
        if (maxBody.toBytes() < Wire.MAX_LINE || maxBody.compareTo(DataSize.ofMegabytes(256)) > 0) {
            throw new IllegalArgumentException("outrider.ingest.max-body must be 64KB to 256MB, not " + maxBody);
        }
    }
}
