package outrider.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void the_median_is_the_middle_value_whatever_the_order() {
        assertThat(Spread.of(List.of(900.0, 1.0, 30.0)).median()).isEqualTo(30);
    }

    @Test
    void the_median_of_an_even_number_of_values_is_the_mean_of_the_two_in_the_middle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 8.0)).median()).isEqualTo(3);
    }

    @Test
    void a_ratio_is_made_of_medians() {
        assertThat(Spread.of(List.of(10.0, 40.0, 20.0)).over(Spread.of(List.of(5.0))))
                .isEqualTo(4);
    }

    @Test
    void what_never_finished_has_no_median_and_says_so() {
        var nothing = Spread.of(List.of());

        assertThat(nothing.median()).isNaN();
        assertThat(nothing.middle()).isEqualTo("-");
        assertThat(nothing.range()).isEqualTo("did not finish");
    }

    @Test
    void small_numbers_keep_their_decimals_and_large_ones_their_thousands() {
        assertThat(Spread.of(List.of(1.234)).middle()).isEqualTo("1.23");
        assertThat(Spread.of(List.of(1_000.0, 200_000.4)).range()).isEqualTo("1,000 – 200,000");
    }
}
