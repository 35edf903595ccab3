package outrider.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BisectionTest {

    private final List<Integer> stored = new ArrayList<>();
    private int calls;

    @Test
    void what_can_be_stored_together_is() {
        assertThat(Bisection.store(List.of(1, 2, 3), this::store)).isEmpty();

        assertThat(stored).containsExactly(1, 2, 3);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void what_fails_alone_is_found_and_all_others_are_stored_in_their_order() {
        var items = IntStream.rangeClosed(1, 500).boxed().toList();

        var refused = Bisection.store(items, some -> {
            if (some.contains(13) || some.contains(400)) {
                throw failure("22003");
            }
            store(some);
        });

        assertThat(refused).extracting(Bisection.Refused::item).containsExactly(13, 400);
        assertThat(stored).hasSize(498).isSorted();
        assertThat(calls).isLessThan(40);
    }

    @Test
    void a_mistake_of_ours_is_found_like_a_value_that_is_refused() {
        var refused = Bisection.store(List.of(1, 2), some -> {
            if (some.contains(2)) {
                throw new ArithmeticException("overflow");
            }
            store(some);
        });

        assertThat(refused).extracting(Bisection.Refused::item).containsExactly(2);
        assertThat(stored).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "40P01", "53100", "55P03", "57014", "57P01", "42P01", "XX000"})
    void what_passes_is_nobodys_fault(String state) {
        assertThatThrownBy(() -> Bisection.store(List.of(1, 2), some -> {
                    throw failure(state);
                }))
                .hasMessage(state);
    }

    private void store(List<Integer> some) {
        calls++;
        stored.addAll(some);
    }

    private static RuntimeException failure(String state) {
        return new IllegalStateException(state, new SQLException("refused", state));
    }
}
