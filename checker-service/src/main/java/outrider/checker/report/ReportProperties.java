package outrider.checker.report;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How reports go to the insights API.
///
/// @param linger how long a report waits for others to share its request
/// @param maxReports how many reports share a request at the most
/// @param maxSize how large a shared request grows; a report larger than that goes alone
/// @param concurrency how many requests are under way at the most
/// @param timeout how long one answer may take
/// @param backoff the wait after the first failure; it doubles up to `max-backoff`
@ConfigurationProperties("outrider.report")
record ReportProperties(
        @DefaultValue("3ms") Duration linger,
        @DefaultValue("200") int maxReports,
        @DefaultValue("1MB") DataSize maxSize,
        @DefaultValue("8") int concurrency,
        @DefaultValue("60s") Duration timeout,
        @DefaultValue("200ms") Duration backoff,
        @DefaultValue("15s") Duration maxBackoff) {

    ReportProperties {
        if (maxReports < 1 || concurrency < 1) {
            throw new IllegalArgumentException("outrider.report: max-reports and concurrency must be 1 or more");
        }
        if (backoff.isNegative() || backoff.isZero() || maxBackoff.compareTo(backoff) < 0) {
            throw new IllegalArgumentException(
                    "outrider.report: 0 < backoff <= max-backoff, not %s and %s".formatted(backoff, maxBackoff));
        }
    }
}
