package outrider.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures();

    @Test
    void the_line_names_the_suite_and_keeps_the_order() {
        figures.put("vs_ceiling_10ms", 0.9);
        figures.put("heap_mb_one_hour_job", 0);

        assertThat(figures.line("lanes"))
                .isEqualTo(
                        "BENCH {\"suite\":\"lanes\",\"figures\":{\"vs_ceiling_10ms\":0.9,\"heap_mb_one_hour_job\":0}}");
    }

    @Test
    void numbers_are_plain_and_kept_to_four_digits() {
        figures.put("large", 123_456.789);
        figures.put("small", 0.000_123_456);

        assertThat(figures.line("x")).contains("\"large\":123500", "\"small\":0.0001235");
    }

    @Test
    void there_is_no_line_when_a_figure_was_not_measured() {
        figures.put("vs_ceiling_10ms", Double.NaN);
        figures.put("vs_ceiling_100ms", 1);

        assertThatThrownBy(() -> figures.line("lanes"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("vs_ceiling_10ms");
    }

    @Test
    void a_name_is_taken_once() {
        figures.put("vs_ceiling_10ms", 1);

        assertThatThrownBy(() -> figures.put("vs_ceiling_10ms", 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
