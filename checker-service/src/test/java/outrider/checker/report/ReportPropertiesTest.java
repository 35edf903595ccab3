package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ReportPropertiesTest {

    @Test
    void defaults_share_requests_and_keep_large_reports_where_the_platform_keeps_such_files() {
        assertThat(bind(Map.of()))
                .isEqualTo(new ReportProperties(
                        Duration.ofMillis(3),
                        200,
                        DataSize.ofMegabytes(1),
                        4,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(60),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        Duration.ofHours(6),
                        new ReportProperties.Large(
                                DataSize.ofKilobytes(256),
                                Path.of(System.getProperty("java.io.tmpdir")),
                                DataSize.ofGigabytes(2),
                                2,
                                Duration.ofMinutes(15))));
    }

    @Test
    void every_setting_is_read() {
        var settings = new HashMap<>(Map.of(
                "linger", "1ms",
                "max-reports", "2",
                "max-size", "3MB",
                "concurrency", "4",
                "late", "5s",
                "timeout", "6s",
                "backoff", "7s",
                "max-backoff", "8s",
                "max-retry-after", "9s"));
        settings.putAll(Map.of("poisoned-backoff", "20s", "give-up-after", "21h"));
        settings.putAll(Map.of(
                "large.from", "10KB",
                "large.directory", "/eleven",
                "large.disk", "12MB",
                "large.concurrency", "13",
                "large.timeout", "14s"));

        assertThat(bind(settings))
                .isEqualTo(new ReportProperties(
                        Duration.ofMillis(1),
                        2,
                        DataSize.ofMegabytes(3),
                        4,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(20),
                        Duration.ofHours(21),
                        new ReportProperties.Large(
                                DataSize.ofKilobytes(10),
                                Path.of("/eleven"),
                                DataSize.ofMegabytes(12),
                                13,
                                Duration.ofSeconds(14))));
    }

    @ParameterizedTest
    @CsvSource({
        "max-reports, 0, max-reports and concurrency must be 1 or more",
        "concurrency, 0, max-reports and concurrency must be 1 or more",
        "linger, -1ms, linger must not be negative",
        "backoff, 0s, 0 < backoff <= max-backoff",
        "max-backoff, 1ms, 0 < backoff <= max-backoff",
        "late, 61s, 0 < late <= timeout",
        "late, 0s, 0 < late <= timeout",
        "max-retry-after, 0s, max-retry-after must be more than zero",
        "poisoned-backoff, 1s, poisoned-backoff must not be below max-backoff",
        "give-up-after, 0s, give-up-after must be more than zero",
        "large.from, 2MB, large.from must not be above max-size",
        "large.from, 0B, 0 < from <= disk",
        "large.disk, 1KB, 0 < from <= disk",
        "large.concurrency, 0, large.concurrency must be 1 or more",
        "large.timeout, 0s, large.timeout must be more than zero",
    })
    void nonsense_is_rejected_with_a_reason(String name, String value, String reason) {
        assertThatThrownBy(() -> bind(Map.of(name, value))).rootCause().hasMessageContaining(reason);
    }

    private static ReportProperties bind(Map<String, String> settings) {
        var all = new HashMap<String, String>();
        settings.forEach((name, value) -> all.put("outrider.report." + name, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bindOrCreate("outrider.report", ReportProperties.class);
    }
}
