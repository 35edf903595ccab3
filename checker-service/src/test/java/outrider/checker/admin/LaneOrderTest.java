package outrider.checker.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import outrider.checker.admin.LaneOrder.Field;
import outrider.checker.admin.LaneOrder.State;

class LaneOrderTest {

    private final LaneOrder pause = new LaneOrder(State.PAUSED, null, "one", Instant.EPOCH);
    /// Of a replica that has not heard of the pause.
    private final LaneOrder permits = new LaneOrder(State.RUNNING, 9, "other", Instant.EPOCH.plusSeconds(1));

    @Test
    void two_orders_about_different_fields_both_hold_in_either_order() {
        var pausedFirst = permits.over(pause.over(null, Field.STATE), Field.PERMITS);
        var permitsFirst = pause.over(permits.over(null, Field.PERMITS), Field.STATE);

        assertThat(pausedFirst.state()).isEqualTo(State.PAUSED);
        assertThat(pausedFirst.permits()).isEqualTo(9);
        assertThat(permitsFirst.state()).isEqualTo(State.PAUSED);
        assertThat(permitsFirst.permits()).isEqualTo(9);
    }

    @Test
    void the_last_order_about_a_field_holds() {
        var again = new LaneOrder(State.RUNNING, null, "one", Instant.EPOCH.plusSeconds(2));

        assertThat(again.over(pause.over(null, Field.STATE), Field.STATE).state())
                .isEqualTo(State.RUNNING);
    }
}
