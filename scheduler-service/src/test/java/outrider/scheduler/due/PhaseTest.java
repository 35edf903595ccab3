package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PhaseTest {

    private static final int ASSETS = 100_000;
    private static final Instant NOW = Instant.parse("2026-06-12T12:34:56Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration FORTNIGHT = Duration.ofDays(14);

    private final Phase before = new Phase(FORTNIGHT, Instant.EPOCH.plusSeconds(4_711));

    @Test
    void a_shorter_interval_delays_nobody_and_has_no_minute_above_one_and_a_half_times_the_mean() {
        var after = before.changed(WEEK, NOW);

        assertThat(LongStream.range(0, ASSETS))
                .allSatisfy(
                        place -> assertThat(after.nextDue(place, NOW)).isBeforeOrEqualTo(before.nextDue(place, NOW)));
        assertThat(fullestMinute(place -> after.nextDue(place, NOW))).isLessThanOrEqualTo(1.5 * perMinute(WEEK));
        assertThat(fullestMinute(place -> after.nextDue(place, after.nextDue(place, NOW))))
                .isLessThanOrEqualTo(1.5 * perMinute(WEEK));
    }

    @Test
    void a_longer_interval_keeps_the_old_promises_and_goes_on_evenly_from_where_they_end() {
        var weekly = new Phase(WEEK, before.anchor());
        var after = weekly.changed(FORTNIGHT, NOW);
        LongFunction<Instant> promised = place -> weekly.nextDue(place, NOW);
        LongFunction<Instant> next = place -> after.nextDue(place, promised.apply(place));

        assertThat(LongStream.range(0, ASSETS))
                .allSatisfy(place -> assertThat(Duration.between(promised.apply(place), next.apply(place)))
                        .isBetween(WEEK.minusMillis(1), FORTNIGHT));
        assertThat(fullestMinute(next)).isLessThanOrEqualTo(1.5 * perMinute(FORTNIGHT));
    }

    @Test
    void may_change_back_and_forth() {
        var phase = before;
        for (var days : new int[] {7, 3, 14, 1, 30, 7}) {
            phase = phase.changed(Duration.ofDays(days), NOW.plus(days, ChronoUnit.HOURS));
        }
        var last = phase;

        assertThat(last.anchor()).isBetween(Instant.EPOCH, Instant.EPOCH.plus(WEEK));
        assertThat(fullestMinute(place -> last.nextDue(place, NOW))).isLessThanOrEqualTo(1.5 * perMinute(WEEK));
    }

    private static double perMinute(Duration interval) {
        return (double) ASSETS / interval.toMinutes();
    }

    private static double fullestMinute(LongFunction<Instant> due) {
        Map<Instant, Integer> minutes = new HashMap<>();
        LongStream.range(0, ASSETS)
                .forEach(place -> minutes.merge(due.apply(place).truncatedTo(ChronoUnit.MINUTES), 1, Integer::sum));
        return minutes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }
}
