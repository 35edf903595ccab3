package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A month of the schedule, second by second, by the rules it goes by: the phases, the rate, the token bucket of
/// [Pace] and the turns of new scopes in [Scopes]. A million assets with a scope each, on four plans; a tenth more
/// come evenly over the month and 50,000 at once; for six hours nothing is dispatched.
class SimulatedMonthTest {

    private static final int DAY = 86_400;
    private static final int MONTH = 30 * DAY;
    private static final int ASSETS = 1_000_000;
    private static final int GROWTH = 100_000;
    private static final int IMPORT = 50_000;
    private static final int IMPORT_AT = 20 * DAY;
    private static final int OUTAGE_FROM = 10 * DAY;
    private static final int OUTAGE_TO = OUTAGE_FROM + DAY / 4;
    private static final int CAUGHT_UP = OUTAGE_TO + 3_600;
    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

    private final ScheduleProperties properties = SchedulePropertiesTest.bind(Map.of());
    private final Phase[] plans = IntStream.of(7, 3, 3, 1)
            .mapToObj(days -> new Phase(Duration.ofDays(days), Instant.EPOCH))
            .toArray(Phase[]::new);
    private final int[] population = new int[plans.length];
    private final byte[] planOf = new byte[ASSETS + GROWTH + IMPORT];
    private final int[] lastScan = new int[planOf.length];
    /// Who is due in each second: the first of them, and who comes after whom.
    private final int[] first = new int[MONTH];
    private final int[] after = new int[planOf.length];
    private final int[] waiting = new int[planOf.length];
    private final int[] perMinute = new int[MONTH / 60];
    private int head;
    private int tail;
    private int assets;
    private double tokens;
    private int mostOverdue;
    private int mostOverdueAfterOutage;

    @Test
    void nobody_waits_past_the_bound_and_no_minute_bursts() {
        populate();
        run();

        // The time in which a backlog is worked off, and while an import has its turns twice that; after an outage as
        // long as that, and what it takes to catch up.
        assertThat(mostOverdue)
                .isLessThanOrEqualTo(2 * (int) properties.catchUp().within().toSeconds());
        assertThat(mostOverdueAfterOutage).isLessThanOrEqualTo(CAUGHT_UP - OUTAGE_FROM);
        assertThat(mostIn(0, OUTAGE_FROM)).isLessThanOrEqualTo(1.5 * meanIn(0, OUTAGE_FROM));
        assertThat(mostIn(CAUGHT_UP, IMPORT_AT)).isLessThanOrEqualTo(1.5 * meanIn(CAUGHT_UP, IMPORT_AT));
        // While it catches up, and while a large import has its turns: the bound of that.
        assertThat(mostIn(0, MONTH))
                .isLessThanOrEqualTo(60 * properties.catchUp().atLeast() + properties.burst());
    }

    private void populate() {
        Arrays.fill(first, -1);
        var random = new SplittableRandom(42);
        for (var asset = 0; asset < planOf.length; asset++) {
            var draw = random.nextInt(100);
            planOf[asset] = (byte) (draw < 70 ? 0 : draw < 90 ? 1 : draw < 98 ? 2 : 3);
        }
        while (assets < ASSETS) {
            var due = nextDue(assets, 0);
            lastScan[assets] = due - interval(assets);
            add(due);
        }
    }

    private void run() {
        var growth = (double) GROWTH / MONTH;
        var demand = 0.0;
        var rate = 1.0;
        for (var now = 0; now < MONTH; now++) {
            while (assets < ASSETS + growth * now + (now > IMPORT_AT ? IMPORT : 0)) {
                lastScan[assets] = now;
                add(now);
            }
            if (now == IMPORT_AT) {
                bring(now, rate);
            }
            if (now % properties.recount().toSeconds() == 0) {
                demand = IntStream.range(0, plans.length)
                        .mapToDouble(plan -> population[plan] / Rate.seconds(plans[plan].every()))
                        .sum();
            }
            if (now % properties.recompute().toSeconds() == 0) {
                rate = Rate.of(demand, backlog(), 0, properties).perSecond();
            }
            for (var asset = first[now]; asset >= 0; asset = after[asset]) {
                waiting[tail++ % waiting.length] = asset;
            }
            if (now < OUTAGE_FROM || now >= OUTAGE_TO) {
                dispatch(now, rate);
            }
        }
    }

    /// An import: the first at once, the others in turn, none later than at its phase.
    private void bring(int now, double rate) {
        var turn = 2 / Math.max(rate, properties.catchUp().atLeast());
        for (var n = 0; n < IMPORT; n++) {
            var due = now + (int) Math.max(0, (n - properties.newcomersAtOnce()) * turn);
            lastScan[assets] = now;
            add(Math.min(due, nextDue(assets, now)));
        }
    }

    private void dispatch(int now, double rate) {
        tokens = Math.min(Math.max(properties.burst(), 2 * rate), tokens + rate);
        while (tokens >= 1 && backlog() > 0) {
            var asset = waiting[head++ % waiting.length];
            tokens--;
            perMinute[now / 60]++;
            var overdue = now - lastScan[asset] - interval(asset);
            if (now >= OUTAGE_FROM && now < CAUGHT_UP) {
                mostOverdueAfterOutage = Math.max(mostOverdueAfterOutage, overdue);
            } else {
                mostOverdue = Math.max(mostOverdue, overdue);
            }
            lastScan[asset] = now;
            put(asset, nextDue(asset, now));
        }
    }

    private int backlog() {
        return tail - head;
    }

    private void add(int due) {
        population[planOf[assets]]++;
        put(assets++, due);
    }

    private void put(int asset, int due) {
        if (due < MONTH) {
            after[asset] = first[due];
            first[due] = asset;
        }
    }

    private int interval(int asset) {
        return (int) plans[planOf[asset]].every().toSeconds();
    }

    private int nextDue(int asset, int now) {
        var due = plans[planOf[asset]].nextDue(asset, START.plusSeconds(now));
        return (int) Math.ceilDiv(Duration.between(START, due).toMillis(), 1_000);
    }

    private double mostIn(int from, int to) {
        return IntStream.range(from / 60, to / 60)
                .map(minute -> perMinute[minute])
                .max()
                .orElseThrow();
    }

    private double meanIn(int from, int to) {
        return IntStream.range(from / 60, to / 60)
                .map(minute -> perMinute[minute])
                .average()
                .orElseThrow();
    }
}
