package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RateTest {

    /// Floor 1, ceiling 200, buffer 1.2, catch up within 2 minutes at 3 times the rate or 20 a second, lane 5
    /// minutes.
    private final ScheduleProperties properties = SchedulePropertiesTest.bind(Map.of());

    @Test
    void is_what_the_plans_ask_for_with_a_margin_and_never_below_the_floor() {
        assertThat(rate(50, 0, 0)).isEqualTo(new Rate(60, Rate.Because.DEMAND));
        assertThat(rate(0.01, 0, 0)).isEqualTo(new Rate(1, Rate.Because.FLOOR));
    }

    @Test
    void works_off_a_backlog_in_time_at_a_bounded_multiple() {
        assertThat(rate(5, 1_200, 0)).isEqualTo(new Rate(10, Rate.Because.CATCH_UP));
        assertThat(rate(5, 1_000_000, 0)).isEqualTo(new Rate(20, Rate.Because.CATCH_UP));
        assertThat(rate(50, 1_000_000, 0)).isEqualTo(new Rate(180, Rate.Because.CATCH_UP));
        assertThat(rate(50, 120, 0)).isEqualTo(new Rate(60, Rate.Because.DEMAND));
    }

    @Test
    void never_rises_above_the_ceiling() {
        assertThat(rate(500, 0, 0)).isEqualTo(new Rate(200, Rate.Because.CEILING));
        assertThat(rate(100, 1_000_000, 0)).isEqualTo(new Rate(200, Rate.Because.CEILING));
    }

    @Test
    void gives_way_to_a_lane_that_does_not_keep_up() {
        assertThat(rate(50, 0, 300)).isEqualTo(new Rate(60, Rate.Because.DEMAND));
        assertThat(rate(50, 0, 600)).isEqualTo(new Rate(30, Rate.Because.LANE_BACKLOG));
        assertThat(rate(50, 0, 1e9)).isEqualTo(new Rate(1, Rate.Because.LANE_BACKLOG));
    }

    private Rate rate(double demand, long backlog, double laneAge) {
        return Rate.of(demand, backlog, laneAge, properties);
    }
}
