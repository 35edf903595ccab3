package outrider.insights.ingest;

import java.util.Map;

/// The write path's threshold and costs, as the answering replica measured them since it started.
///
/// @param roundTripMs the shortest way to the database and back of late; 0 before the first large report
/// @param writes how many writes there were and how long they took, waiting for a connection included
/// @param withheldScopes scopes whose last report closed implausibly much
public record IngestStatus(
        ThresholdView threshold,
        double roundTripMs,
        Map<String, PathView> paths,
        WritesView writes,
        long withheldScopes) {

    /// From how many rows on a report goes by COPY, between which bounds, and why.
    public record ThresholdView(int rows, int fromRows, int toRows, long bytes, boolean tuned, String reason) {}

    /// @param maxMs the longest of the last minutes
    public record WritesView(long count, double meanMs, double maxMs) {}

    /// What one way of writing costs.
    public record PathView(long calls, double millisPerCall, double microsPerRow) {

        static PathView of(PathCost.Line line) {
            return new PathView(line.calls(), line.millisPerCall(), line.microsPerRow());
        }
    }
}
