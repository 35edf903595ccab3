package outrider.bench.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplesTest {

    private final Samples<String> samples = new Samples<>();

    @Test
    void keeps_measurements_in_the_order_in_which_they_were_first_made() {
        samples.add("b", 1);
        samples.add("a", 2);
        samples.add("b", 3);

        assertThat(samples.medians()).containsExactlyInAnyOrderEntriesOf(Map.of("b", 2.0, "a", 2.0));
        assertThat(samples.medians().keySet()).containsExactly("b", "a");
    }

    @Test
    void what_was_not_measured_is_no_number() {
        assertThat(samples.of("nothing").median()).isNaN();
    }
}
