package outrider.insights.ingest;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/// Answers the question: how does the write path stand?
@Component
public final class IngestFigures {

    private final Threshold threshold;
    private final WithheldRepository withheld;
    private final IngestMetrics metrics;
    private final IngestProperties.Copy limits;

    IngestFigures(
            Threshold threshold, WithheldRepository withheld, IngestMetrics metrics, IngestProperties properties) {
        this.threshold = threshold;
        this.withheld = withheld;
        this.metrics = metrics;
        this.limits = properties.copy();
    }

    public IngestStatus status() {
        var choice = threshold.choice();
        return new IngestStatus(
                new IngestStatus.ThresholdView(
                        choice.rows(),
                        limits.fromRows(),
                        limits.aboveRows(),
                        limits.aboveBytes().toBytes(),
                        limits.tune(),
                        choice.reason()),
                threshold.roundTrip() / (double) TimeUnit.MILLISECONDS.toNanos(1),
                Map.of(
                        "unnest", IngestStatus.PathView.of(threshold.unnest()),
                        "copy", IngestStatus.PathView.of(threshold.copy())),
                metrics.writes(),
                withheld.scopes());
    }
}
