package outrider.insights.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/// From how many rows on a report goes by COPY: where the two lines of cost cross, within bounds.
///
/// Both lines are measured all the time, waiting for connections included. A report by COPY takes more
/// round trips, so a database further away moves the threshold up by itself; where COPY is not cheaper a
/// row, memory decides: the upper bound. Now and then a report goes by COPY from half of that size on, so
/// that there is something to compare.
@Component
final class Threshold {

    private static final int EXPLORE_EVERY = 50;
    private static final double HYSTERESIS = 0.2;

    private final IngestProperties.Copy limits;
    private final PathCost unnest = new PathCost(300_000, 10_000, 1_000);
    private final PathCost copy = new PathCost(6_000_000, 10_000, 50_000);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Choice choice;
    private volatile long roundTrip;

    Threshold(IngestProperties properties, MeterRegistry meters) {
        limits = properties.copy();
        Gauge.builder("outrider.ingest.threshold.rows", this, t -> t.choice.rows())
                .register(meters);
        TimeGauge.builder("outrider.ingest.round.trip", this, TimeUnit.NANOSECONDS, t -> t.roundTrip)
                .register(meters);
        register(meters, "unnest", unnest);
        register(meters, "copy", copy);
        choice = new Choice(
                limits.aboveRows(), limits.tune() ? "nothing measured yet: the upper bound" : "fixed by configuration");
    }

    private static void register(MeterRegistry meters, String path, PathCost cost) {
        TimeGauge.builder(
                        "outrider.ingest.cost.call",
                        cost,
                        TimeUnit.NANOSECONDS,
                        c -> c.line().nanosPerCall())
                .tag("path", path)
                .register(meters);
        TimeGauge.builder(
                        "outrider.ingest.cost.row",
                        cost,
                        TimeUnit.NANOSECONDS,
                        c -> c.line().nanosPerRow())
                .tag("path", path)
                .register(meters);
    }

    /// A threshold and the reason for it.
    record Choice(int rows, String reason) {}

    /// How many lines a request may hold in memory.
    int rows() {
        var rows = choice.rows();
        return limits.tune() && asked.incrementAndGet() % EXPLORE_EVERY == 0
                ? Math.max(limits.fromRows(), rows / 2)
                : rows;
    }

    Choice choice() {
        return choice;
    }

    PathCost.Line unnest() {
        return unnest.line();
    }

    PathCost.Line copy() {
        return copy.line();
    }

    /// The shortest way to the database and back of late, in nanoseconds; 0: not measured.
    long roundTrip() {
        return roundTrip;
    }

    void measuredUnnest(int rows, long nanos) {
        unnest.measured(rows, nanos);
        choose();
    }

    /// @param nanos what the report took beyond being read: the lease, and all from its last row on
    void measuredCopy(int rows, long nanos) {
        copy.measured(rows, nanos);
        choose();
    }

    /// One call that does next to nothing took so long.
    void measuredRoundTrip(long nanos) {
        // Slow ones are not the way's fault; a way that has become longer is believed step by step.
        roundTrip = roundTrip == 0 ? nanos : Math.min(nanos, roundTrip + roundTrip / 16 + 1);
    }

    private void choose() {
        if (!limits.tune()) {
            return;
        }
        var next = choice(unnest.line(), copy.line());
        var now = choice.rows();
        if (Math.abs(next.rows() - now) > HYSTERESIS * now || next.rows() == now) {
            choice = next;
        }
    }

    private Choice choice(PathCost.Line arrays, PathCost.Line slot) {
        var dearer = slot.nanosPerCall() - arrays.nanosPerCall();
        var saved = arrays.nanosPerRow() - slot.nanosPerRow();
        if (saved <= 0) {
            return new Choice(limits.aboveRows(), "COPY saves nothing a row: the upper bound");
        }
        var crossing = Math.max(0, dearer) / saved;
        if (crossing >= limits.aboveRows()) {
            return new Choice(limits.aboveRows(), "the costs cross above the upper bound");
        }
        if (crossing <= limits.fromRows()) {
            return new Choice(limits.fromRows(), "the costs cross below the lower bound");
        }
        return new Choice((int) crossing, "the costs of both ways cross here");
    }
}
