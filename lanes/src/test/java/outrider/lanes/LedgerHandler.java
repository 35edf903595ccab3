package outrider.lanes;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A handler that works for a few milliseconds, sometimes for seconds, and whose results are durable in a topic: the
/// ledger.
final class LedgerHandler implements JobHandler<String> {
    private final Producer<byte[], byte[]> producer;
    private final String ledger;
    private final int slowPercent;

    LedgerHandler(Producer<byte[], byte[]> producer, String ledger, int slowPercent) {
        this.producer = producer;
        this.ledger = ledger;
        this.slowPercent = slowPercent;
    }

    @Override
    public String run(Job job) throws InterruptedException {
        var random = ThreadLocalRandom.current();
        int millis = random.nextInt(100) < slowPercent ? 3_000 : random.nextInt(20);
        // The work itself, as seen from the lane: a thread that waits.
        TimeUnit.MILLISECONDS.sleep(millis);
        return new String(job.value(), StandardCharsets.UTF_8);
    }

    @Override
    public String timedOut(Job job) {
        return "timed out";
    }

    @Override
    public String expired(Job job) {
        return "expired";
    }

    @Override
    public Settlement settle(Job job, String result) throws Exception {
        producer.send(new ProducerRecord<>(ledger, result.getBytes(StandardCharsets.UTF_8)))
                .get();
        return new Settlement.Durable("done");
    }
}
