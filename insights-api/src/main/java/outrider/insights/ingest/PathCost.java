package outrider.insights.ingest;

import java.util.concurrent.TimeUnit;

/// What one way of writing costs: so much a call and so much a row, as a line through what was measured. The newest
/// measurements weigh most.
final class PathCost {

    /// Of a measurement's weight remains half after 35 more.
    private static final double FORGET = 0.98;

    /// The line to begin with weighs as much as so many measurements at each of two sizes.
    private static final int PRIOR = 4;

    private double weight;
    private double rows;
    private double rowsSquared;
    private double time;
    private double rowsTime;
    private long calls;

    /// @param nanosPerCall what to believe before anything was measured
    /// @param nanosPerRow the same
    /// @param usualRows a size of usual calls
    PathCost(double nanosPerCall, double nanosPerRow, int usualRows) {
        for (var i = 0; i < PRIOR; i++) {
            weigh(1, nanosPerCall + nanosPerRow);
            weigh(usualRows, nanosPerCall + nanosPerRow * usualRows);
        }
    }

    synchronized void measured(int rowsOfCall, long nanos) {
        calls++;
        weigh(rowsOfCall, nanos);
    }

    synchronized Line line() {
        var spread = weight * rowsSquared - rows * rows;
        var perRow = spread <= 0 ? time / rows : Math.max(0, (weight * rowsTime - rows * time) / spread);
        var perCall = Math.max(0, (time - perRow * rows) / weight);
        return new Line(calls, perCall, perRow);
    }

    private void weigh(double rowsOfCall, double nanos) {
        weight = FORGET * weight + 1;
        rows = FORGET * rows + rowsOfCall;
        rowsSquared = FORGET * rowsSquared + rowsOfCall * rowsOfCall;
        time = FORGET * time + nanos;
        rowsTime = FORGET * rowsTime + rowsOfCall * nanos;
    }

    /// @param calls how many were measured
    record Line(long calls, double nanosPerCall, double nanosPerRow) {

        double millisPerCall() {
            return nanosPerCall / TimeUnit.MILLISECONDS.toNanos(1);
        }

        double microsPerRow() {
            return nanosPerRow / TimeUnit.MICROSECONDS.toNanos(1);
        }
    }
}
