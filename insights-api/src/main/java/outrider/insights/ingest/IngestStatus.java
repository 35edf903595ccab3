package outrider.insights.ingest;

import java.util.Map;

/// The write path's threshold and costs, as `GET /admin/ingest` shows them.
///
/// @param roundTripMs the shortest way to the database and back of late; 0 before the first large report
/// @param withheldScopes scopes whose last report closed implausibly much
record IngestStatus(ThresholdView threshold, double roundTripMs, Map<String, PathView> paths, long withheldScopes) {

    /// From how many rows on a report goes by COPY, between which bounds, and why.
    record ThresholdView(int rows, int fromRows, int toRows, long bytes, boolean tuned, String reason) {}

    /// What one way of writing costs.
    record PathView(long calls, double millisPerCall, double microsPerRow) {

        static PathView of(PathCost.Line line) {
            return new PathView(line.calls(), line.millisPerCall(), line.microsPerRow());
        }
    }
}
