package outrider.scheduler.dispatch;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.scan.JobHeaders;
import outrider.scan.Wire;
import outrider.scheduler.BrokerAwayException;
import outrider.scheduler.RecordSender;
import outrider.scheduler.Transactions;
import outrider.scheduler.due.QueuedScan;
import outrider.trace.Traces;

/// Publishes opened scans to the topics of their lanes, and notes where each lies.
@Component
final class JobPublisher {

    private final RecordSender kafka;
    private final Publications publications;
    private final Transactions transactions;
    private final LaneTopics topics;
    private final DispatchProperties properties;
    private final DispatchMetrics metrics;
    private final Traces traces;
    private final Clock clock;

    JobPublisher(
            RecordSender kafka,
            Publications publications,
            Transactions transactions,
            LaneTopics topics,
            DispatchProperties properties,
            DispatchMetrics metrics,
            Traces traces,
            Clock clock) {
        this.kafka = kafka;
        this.publications = publications;
        this.transactions = transactions;
        this.topics = topics;
        this.properties = properties;
        this.metrics = metrics;
        this.traces = traces;
        this.clock = clock;
    }

    /// Publishes the scans and waits until the brokers have them. A scan that dies with this process between the
    /// two is published again, with the same id and sequence, when its claim has lapsed.
    ///
    /// Each scan begins a trace of its own, unless it was asked for within one.
    ///
    /// @throws BrokerAwayException when the brokers did not take all; what they did not take is due for another
    /// try
    void publish(List<QueuedScan> scans) {
        if (scans.isEmpty()) {
            return;
        }
        var spans = scans.stream().map(this::span).toList();
        try {
            publish(scans, spans);
        } finally {
            spans.forEach(Span::end);
        }
    }

    private void publish(List<QueuedScan> scans, List<Span> spans) {
        var records = new ArrayList<ProducerRecord<String, byte[]>>(scans.size());
        for (var i = 0; i < scans.size(); i++) {
            records.add(record(scans.get(i), Traces.traceparent(spans.get(i))));
        }
        var places = kafka.send(records);
        var batches = new LinkedHashMap<Long, List<Integer>>();
        for (var i = 0; i < scans.size(); i++) {
            batches.computeIfAbsent(scans.get(i).batch(), batch -> new ArrayList<>())
                    .add(i);
            note(spans.get(i), places.get(i));
        }
        var now = clock.instant();
        transactions.run(() -> batches.values().forEach(batch -> mark(batch, scans, places, now)));
        for (var i = 0; i < scans.size(); i++) {
            if (places.get(i).isPresent()) {
                metrics.published(scans.get(i).lane());
            }
        }
        var refused = places.stream().filter(Optional::isEmpty).count();
        if (refused > 0) {
            throw new BrokerAwayException("Kafka did not take %d of %d jobs".formatted(refused, scans.size()));
        }
    }

    private void mark(List<Integer> batch, List<QueuedScan> scans, List<Optional<RecordMetadata>> places, Instant now) {
        var lane = scans.get(batch.getFirst()).lane();
        publications.mark(
                batch.stream().map(scans::get).toList(),
                topics.of(lane),
                batch.stream().map(places::get).toList(),
                now,
                now.plus(properties.checkAfter()));
    }

    private static void note(Span span, Optional<RecordMetadata> place) {
        if (place.isPresent()) {
            span.setAttribute(Traces.PARTITION, Integer.toString(place.get().partition()));
            span.setAttribute(Traces.OFFSET, place.get().offset());
        } else {
            span.setStatus(StatusCode.ERROR, "Kafka did not take it");
        }
    }

    private Span span(QueuedScan scan) {
        var job = scan.job();
        return traces.record("scan publish", SpanKind.PRODUCER, topics.of(scan.lane()), null)
                .setAttribute(Traces.SCAN, job.scanId().toString())
                .setAttribute(Traces.CHECKER, job.checker())
                .setAttribute(Traces.LANE, scan.lane().id())
                .startSpan();
    }

    private ProducerRecord<String, byte[]> record(QueuedScan scan, @Nullable String traceparent) {
        var job = scan.job();
        var record = new ProducerRecord<>(topics.of(scan.lane()), job.assetId().toString(), Wire.write(job));
        var budget = scan.lengthy() ? properties.slowBudget() : properties.fastBudget();
        record.headers()
                .add(JobHeaders.LANE, Wire.header(scan.lane().id()))
                .add(JobHeaders.ACCOUNT, Wire.header(job.accountId().toString()))
                .add(JobHeaders.ATTEMPT, Wire.header(1))
                .add(JobHeaders.BUDGET, Wire.header(budget))
                .add(JobHeaders.EXPIRES_AT, Wire.header(scan.expiresAt()));
        if (traceparent != null) {
            record.headers().add(JobHeaders.TRACEPARENT, Wire.header(traceparent));
        }
        return record;
    }
}
