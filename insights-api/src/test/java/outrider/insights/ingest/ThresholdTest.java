package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThresholdTest {

    private final Threshold threshold = threshold(Map.of());

    @Test
    void begins_at_the_upper_bound() {
        assertThat(threshold.choice().rows()).isEqualTo(10_000);
    }

    @Test
    void finds_where_the_costs_cross() {
        for (var i = 0; i < 300; i++) {
            unnest(100 + i * 20, 20_000);
            threshold.measuredCopy(10_000 + i * 100, 10_000_000 + (10_000 + i * 100) * 17_000L);
        }

        // Ten milliseconds dearer a call, three microseconds cheaper a row.
        assertThat(threshold.choice().rows()).isBetween(2_700, 4_300);
        assertThat(threshold.choice().reason()).contains("cross here");
    }

    @Test
    void stays_at_the_upper_bound_where_copy_saves_nothing() {
        for (var i = 0; i < 300; i++) {
            unnest(100 + i * 20, 10_000);
            threshold.measuredCopy(10_000 + i * 100, 10_000_000 + (10_000 + i * 100) * 12_000L);
        }

        assertThat(threshold.choice())
                .isEqualTo(new Threshold.Choice(10_000, "COPY saves nothing a row: the upper bound"));
    }

    @Test
    void never_falls_below_the_lower_bound() {
        for (var i = 0; i < 300; i++) {
            unnest(100 + i * 20, 90_000);
            threshold.measuredCopy(10_000 + i * 100, 1_000_000 + (10_000 + i * 100) * 1_000L);
        }

        assertThat(threshold.choice().rows()).isEqualTo(1_000);
        assertThat(threshold.rows()).isEqualTo(1_000);
    }

    @Test
    void does_not_move_where_it_is_fixed() {
        var fixed = threshold(Map.of("outrider.ingest.copy.tune", "false", "outrider.ingest.copy.above-rows", "700"));
        fixed.measuredCopy(10_000, 1);

        assertThat(fixed.choice()).isEqualTo(new Threshold.Choice(700, "fixed by configuration"));
    }

    private void unnest(int rows, long nanosPerRow) {
        threshold.measuredUnnest(rows, 300_000 + rows * nanosPerRow);
    }

    private static Threshold threshold(Map<String, String> properties) {
        return new Threshold(IngestPropertiesTest.bind(properties), new SimpleMeterRegistry());
    }
}
