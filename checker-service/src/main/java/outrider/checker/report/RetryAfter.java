package outrider.checker.report;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/// How long an answer asks to be left alone: its `Retry-After`, in seconds or as a date (RFC 9110,
/// section 10.2.3).
final class RetryAfter {

    private RetryAfter() {}

    /// Never more than `limit`, since what is asked for may be a mistake; null when nothing is asked
    /// for, or nothing that can be read.
    ///
    /// @param now our own time, for an answer that does not tell its own; with two clocks a date means
    /// little
    static @Nullable Duration of(HttpHeaders headers, Instant now, Duration limit) {
        return headers.firstValue("Retry-After")
                .map(String::strip)
                .flatMap(value -> value.matches("\\d+")
                        ? Optional.of(seconds(value))
                        : date(value).map(until -> Duration.between(sent(headers, now), until)))
                .filter(Duration::isPositive)
                .map(asked -> asked.compareTo(limit) > 0 ? limit : asked)
                .orElse(null);
    }

    private static Duration seconds(String digits) {
        return Duration.ofSeconds(digits.length() > 9 ? 999_999_999 : Long.parseLong(digits));
    }

    private static Instant sent(HttpHeaders headers, Instant now) {
        return headers.firstValue("Date").flatMap(RetryAfter::date).orElse(now);
    }

    private static Optional<Instant> date(String value) {
        return Optional.ofNullable(DateUtils.parseStandardDate(value));
    }
}
