package outrider.lanes;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// One record admitted to a lane: its bytes, its headers, and whether it is still ours to settle.
public final class Job {
    private final String lane;
    private final ConsumerRecord<byte[], byte[]> record;
    private final Assignment assignment;
    private final Instant admittedAt;
    private volatile String label = "";
    private volatile @Nullable Object companion;

    Job(String lane, ConsumerRecord<byte[], byte[]> record, Assignment assignment, Instant admittedAt) {
        this.lane = lane;
        this.record = record;
        this.assignment = assignment;
        this.admittedAt = admittedAt;
    }

    /// The lane that runs it.
    public String lane() {
        return lane;
    }

    /// The value as it was produced; empty for a tombstone.
    public byte[] value() {
        return record.value() == null ? new byte[0] : record.value();
    }

    /// The key as text; empty when there is none.
    public String key() {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    public Optional<String> header(String name) {
        return LaneHeaders.text(record, name);
    }

    /// Which attempt this is, from 1.
    public int attempt() {
        return LaneHeaders.attempt(record);
    }

    public String topic() {
        return record.topic();
    }

    public int partition() {
        return record.partition();
    }

    public long offset() {
        return record.offset();
    }

    /// When it got its permit: budgets count from here.
    public Instant admittedAt() {
        return admittedAt;
    }

    /// False once the partition went to another member, which will run the job again: start nothing that others can
    /// see.
    public boolean isCurrent() {
        return assignment.isCurrent();
    }

    /// Says what the job is about, for whoever lists the jobs in flight.
    public void label(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /// Keeps something of the handler's with the job, until its lane is done with it.
    public void accompany(Object companion) {
        this.companion = companion;
    }

    /// What the handler keeps with the job, if it is of that type.
    public <T> Optional<T> companion(Class<T> type) {
        return Optional.ofNullable(companion).filter(type::isInstance).map(type::cast);
    }

    Optional<Duration> budget() {
        return LaneHeaders.duration(record, LaneHeaders.BUDGET);
    }

    boolean isExpired(Clock clock) {
        return LaneHeaders.instant(record, LaneHeaders.EXPIRES_AT)
                .filter(expiry -> clock.instant().isAfter(expiry))
                .isPresent();
    }

    boolean wasHandedOff() {
        return header(LaneHeaders.HANDED_OFF_BY).isPresent();
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    @Override
    public String toString() {
        return "%s-%d@%d".formatted(topic(), partition(), offset());
    }
}
