package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import outrider.scan.ReportOutcome;

class IngestMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new IngestMetrics(meters);

    @Test
    void what_becomes_of_insights_is_there_before_the_first_so_that_it_is_seen_as_an_increase() {
        assertThat(meters.find("outrider.ingest.rows").counters())
                .extracting(counter -> counter.getId().getTag("kind"), Counter::count)
                .containsExactlyInAnyOrder(
                        tuple("opened", 0.0),
                        tuple("changed", 0.0),
                        tuple("reopened", 0.0),
                        tuple("resolved", 0.0),
                        tuple("unchanged", 0.0));
    }

    @Test
    void a_replayed_report_changed_nothing_and_is_counted_as_a_report_only() {
        var counts = new ReportOutcome.Counts(3, 2, 0, 1, 7);

        metrics.write(() -> List.of(
                new ReportOutcome(UUID.randomUUID(), ReportOutcome.Kind.APPLIED, counts, null),
                new ReportOutcome(UUID.randomUUID(), ReportOutcome.Kind.REPLAYED, counts, null)));

        assertThat(rows("opened")).isEqualTo(3);
        assertThat(rows("unchanged")).isEqualTo(7);
        assertThat(meters.get("outrider.ingest.reports").counters()).hasSize(2);
    }

    private double rows(String kind) {
        return meters.get("outrider.ingest.rows").tag("kind", kind).counter().count();
    }
}
