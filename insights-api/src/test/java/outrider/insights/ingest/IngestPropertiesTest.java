package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class IngestPropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of())).isEqualTo(new IngestProperties(10_000, DataSize.ofMegabytes(8)));
    }

    @Test
    void reads_all() {
        var properties = bind(Map.of("outrider.ingest.max-rows", "5", "outrider.ingest.max-body", "1MB"));

        assertThat(properties).isEqualTo(new IngestProperties(5, DataSize.ofMegabytes(1)));
    }

    @Test
    void refuses_a_body_smaller_than_a_line() {
        assertThatThrownBy(() -> bind(Map.of("outrider.ingest.max-body", "1KB")))
                .rootCause()
                .hasMessageContaining("outrider.ingest.max-body must be 64KB to 256MB");
        assertThatThrownBy(() -> bind(Map.of("outrider.ingest.max-rows", "0")))
                .rootCause()
                .hasMessageContaining("outrider.ingest.max-rows must be 1 to 100000");
    }

    private static IngestProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("outrider.ingest", IngestProperties.class);
    }
}
