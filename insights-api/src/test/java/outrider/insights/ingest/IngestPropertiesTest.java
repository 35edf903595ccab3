package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;
import outrider.insights.ingest.IngestProperties.Copy;
import outrider.insights.ingest.IngestProperties.Withhold;

class IngestPropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new IngestProperties(
                        DataSize.ofGigabytes(1),
                        500_000,
                        Duration.ofHours(1),
                        new Copy(10_000, 1_000, true, DataSize.ofMegabytes(8), 3, Duration.ofSeconds(2)),
                        new Withhold(20, 0.5)));
    }

    @Test
    void reads_all() {
        var properties = bind(Map.ofEntries(
                Map.entry("outrider.ingest.max-insights", "5"),
                Map.entry("outrider.ingest.max-body", "1MB"),
                Map.entry("outrider.ingest.agree-after", "2m"),
                Map.entry("outrider.ingest.copy.above-rows", "6"),
                Map.entry("outrider.ingest.copy.from-rows", "4"),
                Map.entry("outrider.ingest.copy.tune", "false"),
                Map.entry("outrider.ingest.copy.above-bytes", "1KB"),
                Map.entry("outrider.ingest.copy.connections", "2"),
                Map.entry("outrider.ingest.copy.patience", "1s"),
                Map.entry("outrider.ingest.withhold.above", "7"),
                Map.entry("outrider.ingest.withhold.share", "0.9")));

        assertThat(properties)
                .isEqualTo(new IngestProperties(
                        DataSize.ofMegabytes(1),
                        5,
                        Duration.ofMinutes(2),
                        new Copy(6, 4, false, DataSize.ofKilobytes(1), 2, Duration.ofSeconds(1)),
                        new Withhold(7, 0.9)));
    }

    @ParameterizedTest
    @CsvSource({
        "max-body, 1KB, outrider.ingest.max-body must be 64KB to 16GB",
        "max-insights, 500001, outrider.ingest.max-insights must be 1 to 500000",
        "copy.above-rows, 0, outrider.ingest.copy.above-rows must be 1 to 100000",
        "copy.from-rows, 10001, outrider.ingest.copy.from-rows must be 1 to above-rows",
        "copy.connections, 17, outrider.ingest.copy.connections must be 1 to 16",
        "withhold.share, 1.5, .share 0 to 1"
    })
    void refuses_what_makes_no_sense(String name, String value, String complaint) {
        assertThatThrownBy(() -> bind(Map.of("outrider.ingest." + name, value)))
                .rootCause()
                .hasMessageContaining(complaint);
    }

    static IngestProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("outrider.ingest", IngestProperties.class);
    }
}
