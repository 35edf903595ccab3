package outrider.insights.database;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.insights.database.PrimaryDistance.State.FAR;
import static outrider.insights.database.PrimaryDistance.State.LOST;
import static outrider.insights.database.PrimaryDistance.State.NEAR;

import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import outrider.embedded.DelayingProxy;
import outrider.embedded.TestDatabase;

/// Bounds: not near from 60 ms, near again below 30 ms; three samples.
class PrimaryDistanceTest {

    private final DelayingProxy proxy = DelayingProxy.to(TestDatabase.shared().port(), Duration.ZERO);
    private final PrimaryDistance distance = new PrimaryDistance(
            () -> DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&targetServerType=primary&socketTimeout=1&loginTimeout=1"
                            .formatted(proxy.port())),
            new DatabaseProperties.Primary(Duration.ofHours(1), 3, Duration.ofMillis(60), Duration.ofMillis(30)));

    @AfterEach
    void close() {
        distance.stop();
        proxy.close();
    }

    @Test
    void knows_no_distance_before_it_has_measured() {
        assertThat(distance.state()).isEqualTo(LOST);
        assertThat(distance.nanos()).isNaN();
    }

    @Test
    void one_measurement_is_enough_at_the_start() {
        distance.start();

        assertThat(distance.state()).isEqualTo(NEAR);
        assertThat(distance.nanos()).isPositive().isLessThan(30e6);
    }

    @Test
    void measures_the_way_there_and_back() {
        proxy.delay(Duration.ofMillis(35));

        distance.measure();

        assertThat(distance.nanos()).isGreaterThan(70e6);
        assertThat(distance.state()).isEqualTo(FAR);
    }

    @Test
    void one_slow_answer_is_no_distance() {
        distance.measure();
        proxy.delay(Duration.ofMillis(35));
        distance.measure();
        distance.measure();
        assertThat(distance.state()).isEqualTo(NEAR);

        distance.measure();
        assertThat(distance.state()).isEqualTo(FAR);
    }

    @Test
    void between_the_bounds_it_stays_as_it_was() {
        distance.measure();
        between();
        assertThat(distance.state()).isEqualTo(NEAR);

        proxy.delay(Duration.ofMillis(35));
        measureThrice();
        between();
        assertThat(distance.state()).isEqualTo(FAR);

        proxy.delay(Duration.ZERO);
        distance.measure();
        assertThat(distance.state()).isEqualTo(NEAR);
    }

    @Test
    void a_primary_that_cannot_be_reached_is_lost_until_it_can() {
        distance.measure();
        proxy.cut();
        distance.measure();
        assertThat(distance.state()).isEqualTo(LOST);
        assertThat(distance.nanos()).isNaN();

        proxy.mend();
        distance.measure();
        assertThat(distance.state()).isEqualTo(NEAR);
    }

    @Test
    void a_primary_that_falls_silent_is_lost() {
        distance.measure();
        proxy.stall();

        distance.measure();

        assertThat(distance.state()).isEqualTo(LOST);
    }

    @Test
    void a_primary_that_comes_back_farther_away_is_far_at_once() {
        distance.measure();
        proxy.cut();
        distance.measure();
        proxy.mend();
        proxy.delay(Duration.ofMillis(35));

        distance.measure();

        assertThat(distance.state()).isEqualTo(FAR);
    }

    private void between() {
        proxy.delay(Duration.ofMillis(20));
        measureThrice();
    }

    private void measureThrice() {
        distance.measure();
        distance.measure();
        distance.measure();
    }
}
