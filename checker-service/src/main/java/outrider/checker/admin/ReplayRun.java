package outrider.checker.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import outrider.checker.admin.ReplayAnswer.Item;
import outrider.checker.admin.ReplayAnswer.Outcome;
import outrider.checker.scan.Lanes;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scan.Wire;

/// One replay under way: what it sends, and what it does not send and why.
///
/// A letter is marked as replayed once the brokers have its job. Whoever dies between the two may send the job again
/// later, which does no harm: a scan that ran already is answered from its first report.
final class ReplayRun {
    private static final int AT_ONCE = 200;
    private static final String DEAD = "dead-";
    /// An old job would only settle as expired, and an operator has just ordered it: so nothing of its old time counts.
    private static final Set<String> ANEW = Set.of(
            JobHeaders.LANE,
            JobHeaders.ATTEMPT,
            JobHeaders.NOT_BEFORE,
            JobHeaders.EXPIRES_AT,
            JobHeaders.REPLAYED_FROM);

    private final ReplayRequest request;
    private final ReplayMarks marks;
    private final Lanes lanes;
    private final @Nullable Sending sending;
    private final ReplayAnswer.Tally tally = new ReplayAnswer.Tally();
    private final List<Sent> sent = new ArrayList<>();
    private boolean refused;

    /// How a replay sends.
    ///
    /// @param by the subject of the token that ordered it
    record Sending(Producer<byte[], byte[]> producer, Instant at, String by) {}

    private record Sent(
            ConsumerRecord<byte[], byte[]> record, DeadLetter letter, String topic, Future<?> taken, Sending how) {}

    /// @param sending null: it is a dry run
    ReplayRun(ReplayRequest request, ReplayMarks marks, Lanes lanes, @Nullable Sending sending) {
        this.request = request;
        this.marks = marks;
        this.lanes = lanes;
        this.sending = sending;
    }

    ReplayAnswer.Tally tally() {
        return tally;
    }

    /// Whether Kafka has refused something: then there is no sense in going on.
    boolean isRefused() {
        return refused;
    }

    /// Replays a letter that was named by its id.
    void named(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        consider(record, DeadLetter.of(record, marks.of(record)), true);
    }

    /// Replays a letter if it matches.
    void found(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        var letter = DeadLetter.of(record, marks.of(record));
        if (request.matching().matches(letter)) {
            consider(record, letter, false);
        }
    }

    void missing(LetterId id) {
        tally.add(new Item(id, Outcome.NOT_FOUND, null, null, "there is no such dead letter, or no longer"));
    }

    private void consider(ConsumerRecord<byte[], byte[]> record, DeadLetter letter, boolean named)
            throws InterruptedException {
        var lane = letter.lane();
        if (letter.replayed() != null && !request.isAgain()) {
            add(letter, Outcome.ALREADY_REPLAYED, null, "give again: true to replay it once more");
        } else if (letter.job() == null && !named) {
            add(letter, Outcome.UNREADABLE, null, "it is no scan job; only its id, given in ids, replays it");
        } else if (lane == null) {
            add(letter, Outcome.NO_LANE, null, "its headers name no lane that could run it");
        } else if (sending == null) {
            add(letter, Outcome.WOULD_REPLAY, lanes.topicOf(lane), null);
        } else {
            send(record, letter, lane, sending);
        }
    }

    private void send(ConsumerRecord<byte[], byte[]> record, DeadLetter letter, Lane lane, Sending sending)
            throws InterruptedException {
        var topic = lanes.topicOf(lane);
        var job = new ProducerRecord<>(topic, null, record.key(), record.value(), headers(record, lane));
        try {
            sent.add(new Sent(record, letter, topic, sending.producer().send(job), sending));
        } catch (KafkaException e) {
            refused(letter, topic, e);
        }
        if (sent.size() >= AT_ONCE) {
            settle();
        }
    }

    /// Waits until the brokers have answered for all that was sent, and marks what they took.
    void settle() throws InterruptedException {
        var taken = new ArrayList<Sent>();
        for (var one : sent) {
            try {
                one.taken().get();
                taken.add(one);
            } catch (ExecutionException e) {
                refused(one.letter(), one.topic(), e.getCause());
            }
        }
        sent.clear();
        var marked = new ArrayList<Future<?>>();
        for (var one : taken) {
            marked.add(marks.put(one.record(), one.how().at(), one.how().by()));
        }
        for (int i = 0; i < taken.size(); i++) {
            add(taken.get(i).letter(), Outcome.REPLAYED, taken.get(i).topic(), unmarked(marked.get(i)));
        }
    }

    private @Nullable String unmarked(Future<?> mark) throws InterruptedException {
        try {
            mark.get();
            return null;
        } catch (ExecutionException e) {
            refused = true;
            return "but Kafka did not take the mark that says so: another replay may send it again";
        }
    }

    private void refused(DeadLetter letter, String topic, @Nullable Throwable why) {
        refused = true;
        add(letter, Outcome.FAILED, topic, "Kafka did not take it: " + why);
    }

    private void add(DeadLetter letter, Outcome outcome, @Nullable String topic, @Nullable String why) {
        var job = letter.job();
        tally.add(new Item(letter.id(), outcome, topic, job == null ? null : job.scanId(), why));
    }

    /// What tells of its death and its old time goes; the rest stays, such as its trace.
    private static RecordHeaders headers(ConsumerRecord<byte[], byte[]> letter, Lane lane) {
        var headers = new RecordHeaders();
        for (var header : letter.headers()) {
            if (!header.key().startsWith(DEAD) && !ANEW.contains(header.key())) {
                headers.add(header);
            }
        }
        headers.add(JobHeaders.LANE, Wire.header(lane.id()))
                .add(JobHeaders.ATTEMPT, Wire.header(1))
                .add(JobHeaders.REPLAYED_FROM, Wire.header(LetterId.of(letter)));
        return headers;
    }
}
