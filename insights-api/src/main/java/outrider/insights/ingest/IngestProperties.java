package outrider.insights.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import outrider.scan.Wire;

/// How much one request with reports may carry, and which way it takes.
///
/// @param maxBody how large a body may be, unzipped
/// @param maxInsights how many insights one report may have; its results may be as many
/// @param agreeAfter how far apart two scans must be to agree: that a check does not apply, or on closes that are
///     withheld
@ConfigurationProperties("outrider.ingest")
record IngestProperties(
        @DefaultValue("1GB") DataSize maxBody,
        @DefaultValue("500000") int maxInsights,
        @DefaultValue("1h") Duration agreeAfter,
        @DefaultValue Copy copy,
        @DefaultValue Withhold withhold) {

    IngestProperties {
        if (maxBody.toBytes() < Wire.MAX_LINE || maxBody.compareTo(DataSize.ofGigabytes(16)) > 0) {
            throw new IllegalArgumentException("outrider.ingest.max-body must be 64KB to 16GB, not " + maxBody);
        }
        if (maxInsights < 1 || maxInsights > 500_000) {
            throw new IllegalArgumentException("outrider.ingest.max-insights must be 1 to 500000, not " + maxInsights);
        }
        if (agreeAfter.isNegative() || agreeAfter.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("outrider.ingest.agree-after must be 0s to 30 days, not " + agreeAfter);
        }
    }

    /// The way of large reports.
    ///
    /// @param aboveRows a report with more lines goes by COPY; the upper bound where that tunes itself
    /// @param fromRows the lower bound of the threshold for COPY
    /// @param tune whether the threshold follows what both ways are measured to cost
    /// @param aboveBytes the report that is being read goes by COPY, too, when a request has more bytes in memory
    /// @param connections how many large reports are written at once on this replica
    /// @param patience how long a large report waits for its connection before it hears 503
    record Copy(
            @DefaultValue("10000") int aboveRows,
            @DefaultValue("1000") int fromRows,
            @DefaultValue("true") boolean tune,
            @DefaultValue("8MB") DataSize aboveBytes,
            @DefaultValue("3") int connections,
            @DefaultValue("2s") Duration patience) {

        Copy {
            if (aboveRows < 1 || aboveRows > 100_000) {
                throw new IllegalArgumentException(
                        "outrider.ingest.copy.above-rows must be 1 to 100000, not " + aboveRows);
            }
            if (fromRows < 1 || tune && fromRows > aboveRows) {
                throw new IllegalArgumentException("outrider.ingest.copy.from-rows must be 1 to above-rows (%d), not %d"
                        .formatted(aboveRows, fromRows));
            }
            if (aboveBytes.compareTo(DataSize.ofMegabytes(256)) > 0) {
                throw new IllegalArgumentException(
                        "outrider.ingest.copy.above-bytes must be at most 256MB, not " + aboveBytes);
            }
            if (connections < 1 || connections > 16) {
                throw new IllegalArgumentException(
                        "outrider.ingest.copy.connections must be 1 to 16, the number of slots, not " + connections);
            }
            if (patience.toMillis() < 250) {
                throw new IllegalArgumentException(
                        "outrider.ingest.copy.patience must be 250ms or more, not " + patience);
            }
        }
    }

    /// When the closes of a report are implausibly many: more than so many, and more than this share of what the
    /// scope has open.
    ///
    /// @param above a report may close so many insights, however few are open
    /// @param share a report may close this share of what its scope has open; what is above both is withheld
    record Withhold(
            @DefaultValue("20") int above,
            @DefaultValue("0.5") double share) {

        Withhold {
            if (above < 0 || !(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "outrider.ingest.withhold.above must be 0 or more and .share 0 to 1, not %d and %s"
                                .formatted(above, share));
            }
        }
    }
}
