package outrider.checker.report;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How reports go to the insights API.
///
/// @param linger how long a report waits for others to share its request
/// @param maxReports how many reports share a request at the most
/// @param maxSize how large a shared request grows
/// @param concurrency how many requests are under way at the most
/// @param late past this time a request no longer keeps the others from being sent: it counts as a quarter of
/// one
/// @param timeout how long one answer may take
/// @param backoff the wait after the first failure; it doubles up to `max-backoff`
/// @param maxBackoff the longest wait between two tries
/// @param maxRetryAfter the longest `Retry-After` that is obeyed
/// @param poisonedBackoff the longest wait between two tries of a report that fails alone again and again while
/// others are accepted
/// @param giveUpAfter how long such a report is kept; then its scan becomes a dead letter with the last answer.
/// Each holds a permit of its lane, so with more than eight of them in a process each is kept for a shorter time
@ConfigurationProperties("outrider.report")
record ReportProperties(
        @DefaultValue("3ms") Duration linger,
        @DefaultValue("200") int maxReports,
        @DefaultValue("1MB") DataSize maxSize,
        @DefaultValue("4") int concurrency,
        @DefaultValue("500ms") Duration late,
        @DefaultValue("60s") Duration timeout,
        @DefaultValue("200ms") Duration backoff,
        @DefaultValue("15s") Duration maxBackoff,
        @DefaultValue("5m") Duration maxRetryAfter,
        @DefaultValue("5m") Duration poisonedBackoff,
        @DefaultValue("6h") Duration giveUpAfter,
        @DefaultValue Large large) {

    ReportProperties {
        if (maxReports < 1 || concurrency < 1) {
            throw new IllegalArgumentException("outrider.report: max-reports and concurrency must be 1 or more");
        }
        if (!backoff.isPositive() || maxBackoff.compareTo(backoff) < 0) {
            throw new IllegalArgumentException(
                    "outrider.report: 0 < backoff <= max-backoff, not %s and %s".formatted(backoff, maxBackoff));
        }
        if (linger.isNegative() || !maxRetryAfter.isPositive()) {
            throw new IllegalArgumentException(
                    "outrider.report: linger must not be negative, and max-retry-after must be more than zero");
        }
        if (poisonedBackoff.compareTo(maxBackoff) < 0 || !giveUpAfter.isPositive()) {
            throw new IllegalArgumentException(
                    "outrider.report: poisoned-backoff must not be below max-backoff, and give-up-after must be more"
                            + " than zero");
        }
        if (!late.isPositive() || late.compareTo(timeout) > 0) {
            throw new IllegalArgumentException(
                    "outrider.report: 0 < late <= timeout, not %s and %s".formatted(late, timeout));
        }
        if (large.from().compareTo(maxSize) > 0) {
            throw new IllegalArgumentException(
                    "outrider.report: large.from must not be above max-size, and %s is above %s: a report that is not"
                                    .formatted(large.from(), maxSize)
                            + " large fits into a shared request");
        }
    }

    /// Reports that are kept on disk and go alone.
    ///
    /// @param from the most memory a report takes; one that outgrows it is large and goes alone
    /// @param directory where large reports are kept until they are accepted
    /// @param disk how much large reports may take there together, zipped; a scan whose report finds no room ends
    /// in ERROR
    /// @param concurrency how many large reports are sent at once, beside the requests with small ones
    /// @param timeout how long sending one and the answer may take
    record Large(
            @DefaultValue("256KB") DataSize from,
            Path directory,
            @DefaultValue("2GB") DataSize disk,
            @DefaultValue("2") int concurrency,
            @DefaultValue("15m") Duration timeout) {

        @SuppressWarnings("ConstantValue") // the binder leaves an absent property null
        Large {
            if (directory == null) {
                directory = Path.of(System.getProperty("java.io.tmpdir"));
            }
            if (from.toBytes() < 1 || disk.compareTo(from) < 0) {
                throw new IllegalArgumentException(
                        "outrider.report.large: 0 < from <= disk, not %s and %s".formatted(from, disk));
            }
            if (concurrency < 1) {
                throw new IllegalArgumentException("outrider.report.large.concurrency must be 1 or more");
            }
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException("outrider.report.large.timeout must be more than zero");
            }
        }
    }
}
