package outrider.checker.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import outrider.checker.check.Visible;
import outrider.lanes.LaneHeaders;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.Wire;

/// A job that nobody could finish, as an operator sees it. All of it comes from strangers: every text is bounded, and
/// what could hide or move other text is written out.
///
/// @param lane where it died, and where a replay sends it; null when its headers name no lane
/// @param replayedFrom the dead letter it was before, when it died again
/// @param job null when its bytes are no scan job; then there is `raw`
record DeadLetter(
        LetterId id,
        Instant deadAt,
        @Nullable Lane lane,
        @Nullable Integer attempts,
        @Nullable String reason,
        @Nullable String exception,
        Origin origin,
        @Nullable String replayedFrom,
        @Nullable Job job,
        @Nullable Raw raw,
        ReplayMarks.@Nullable Mark replayed) {

    private static final int LONGEST_TEXT = 2_000;
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_PREVIEW = 1_024;

    /// The record that was given up.
    record Origin(
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable Long offset) {}

    /// The scan it was to run.
    record Job(UUID scanId, long sequence, UUID accountId, UUID assetId, String checker, String name) {

        private static Job of(ScanJob job) {
            return new Job(
                    job.scanId(),
                    job.sequence(),
                    job.accountId(),
                    job.assetId(),
                    Visible.text(job.checker(), LONGEST_NAME),
                    Visible.text(job.name(), LONGEST_NAME));
        }
    }

    /// The beginning of bytes that are no scan job.
    ///
    /// @param size of the whole, in bytes
    /// @param text read as UTF-8
    record Raw(int size, String text, String base64) {

        private static Raw of(byte[] value) {
            var start = Arrays.copyOf(value, Math.min(value.length, LONGEST_PREVIEW));
            return new Raw(
                    value.length,
                    Visible.text(new String(start, UTF_8), LONGEST_TEXT),
                    Base64.getEncoder().encodeToString(start));
        }
    }

    static DeadLetter of(ConsumerRecord<byte[], byte[]> record, ReplayMarks.@Nullable Mark replayed) {
        var value = record.value() == null ? new byte[0] : record.value();
        var job = decode(value);
        return new DeadLetter(
                LetterId.of(record),
                parsed(record, LaneHeaders.DEAD_AT, Instant::parse)
                        .orElseGet(() -> Instant.ofEpochMilli(record.timestamp())),
                lane(record).orElse(null),
                parsed(record, LaneHeaders.DEAD_ATTEMPTS, Integer::valueOf).orElse(null),
                text(record, LaneHeaders.DEAD_REASON).orElse(null),
                text(record, LaneHeaders.DEAD_EXCEPTION).orElse(null),
                new Origin(
                        text(record, LaneHeaders.DEAD_TOPIC).orElse(null),
                        parsed(record, LaneHeaders.DEAD_PARTITION, Integer::valueOf)
                                .orElse(null),
                        parsed(record, LaneHeaders.DEAD_OFFSET, Long::valueOf).orElse(null)),
                text(record, JobHeaders.REPLAYED_FROM).orElse(null),
                job.map(Job::of).orElse(null),
                job.isPresent() ? null : Raw.of(value),
                replayed);
    }

    private static Optional<ScanJob> decode(byte[] value) {
        try {
            return Optional.of(Wire.read(value, ScanJob.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Nobody but the lane it was stamped for runs a job, so it died there, unless it had no stamp.
    private static Optional<Lane> lane(ConsumerRecord<?, ?> record) {
        return Stream.of(LaneHeaders.DEAD_LANE, JobHeaders.LANE)
                .flatMap(name -> parsed(record, name, Lane::of).stream())
                .findFirst();
    }

    private static Optional<String> text(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(Visible.text(new String(header.value(), UTF_8), LONGEST_TEXT));
    }

    private static <T> Optional<T> parsed(ConsumerRecord<?, ?> record, String name, Function<String, T> parser) {
        return text(record, name).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (DateTimeException | IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }
}
