package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-09-30T12:00:00Z");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void seconds_are_seconds() {
        assertThat(asked(Map.of("Retry-After", " 90 "))).hasSeconds(90);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Wed, 30 Sep 2026 12:01:30 GMT",
                "Wednesday, 30-Sep-26 12:01:30 GMT",
            })
    void a_date_is_the_time_until_then(String date) {
        assertThat(asked(Map.of("Retry-After", date))).hasSeconds(90);
    }

    @Test
    void a_date_counts_from_the_clock_of_who_sent_it() {
        assertThat(asked(Map.of(
                        "Retry-After", "Thu, 01 Oct 2026 08:00:10 GMT", "Date", "Thu, 01 Oct 2026 08:00:00 GMT")))
                .hasSeconds(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"301", "99999999999999999999", "Fri, 01 Jan 2100 00:00:00 GMT"})
    void what_is_asked_for_is_bounded(String tooLong) {
        assertThat(asked(Map.of("Retry-After", tooLong))).isEqualTo(LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "", "Wed, 30 Sep 2026 11:59:00 GMT", "Wed, 31 Foo 2026"})
    void what_says_nothing_asks_for_nothing(String value) {
        assertThat(asked(Map.of("Retry-After", value))).isNull();
        assertThat(asked(Map.of())).isNull();
    }

    private static @Nullable Duration asked(Map<String, String> headers) {
        var lists = new HashMap<String, List<String>>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return RetryAfter.of(HttpHeaders.of(lists, (name, value) -> true), NOW, LIMIT);
    }
}
