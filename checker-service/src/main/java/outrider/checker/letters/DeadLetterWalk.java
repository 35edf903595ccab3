package outrider.checker.letters;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import outrider.scan.Topics;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// Goes through the dead letters backwards, the newest of all partitions first, and stops when its time or
/// its number of letters is used up. Its token is where it stands in every partition: letters that come
/// later are never in its way.
final class DeadLetterWalk {
    private static final int CHUNK = 200;
    private static final long CHUNK_BYTES = 8 << 20;

    private final TopicReader reader;
    private final int mostExamined;
    private final long started = System.nanoTime();
    private final long longest;
    private final List<Side> sides = new ArrayList<>();
    private int examined;

    /// One partition: what lies in [begin, before) is still to come, and the end of it is read.
    private static final class Side {
        final TopicPartition partition;
        final long begin;
        final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();
        long before;

        Side(TopicPartition partition, long begin, long before) {
            this.partition = partition;
            this.begin = begin;
            this.before = before;
        }
    }

    /// @param token where an earlier walk stood; null: begin with the newest
    DeadLetterWalk(
            TopicReader reader, DeadLetterProperties properties, DeadLetterFilter filter, @Nullable String token) {
        this.reader = reader;
        this.mostExamined = properties.mostExamined();
        this.longest = properties.longest().toNanos();
        var partitions = reader.partitions(Topics.DEAD);
        var begins = reader.beginnings(partitions);
        var ends = reader.ends(partitions);
        var since = filter.since();
        // A letter's time of death is never later than its record's.
        var youngest = since == null ? begins : reader.positionsAt(partitions, since);
        var stands = token == null ? null : decode(token);
        for (var partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long begin = Math.max(begins.getOrDefault(partition, 0L), youngest.getOrDefault(partition, end));
            long before = stands == null ? end : stands.getOrDefault(partition.partition(), begin);
            sides.add(new Side(partition, begin, Math.min(before, end)));
        }
    }

    /// The next older letter; empty when there is none, or no time for it.
    Optional<ConsumerRecord<byte[], byte[]>> next() {
        if (examined >= mostExamined || System.nanoTime() - started > longest) {
            return Optional.empty();
        }
        var next = sides.stream()
                .filter(this::filled)
                .max(Comparator.comparingLong(side -> side.read.getLast().timestamp()));
        return next.map(side -> {
            var letter = side.read.removeLast();
            side.before = letter.offset();
            examined++;
            return letter;
        });
    }

    int examined() {
        return examined;
    }

    /// Where the next walk goes on; null when nothing is left.
    @Nullable
    String token() {
        return sides.stream().noneMatch(side -> side.before > side.begin)
                ? null
                : PageToken.encode(sides.stream()
                        .map(side -> side.partition.partition() + ":" + side.before)
                        .collect(Collectors.joining(",")));
    }

    private boolean filled(Side side) {
        while (side.read.isEmpty() && side.before > side.begin) {
            long from = Math.max(side.begin, side.before - CHUNK);
            var keep = new Object() {
                long bytes;
            };
            reader.read(side.partition, from, side.before, record -> {
                side.read.addLast(record);
                keep.bytes += size(record);
                // What does not fit is read again when its turn comes.
                while (keep.bytes > CHUNK_BYTES && side.read.size() > 1) {
                    keep.bytes -= size(side.read.removeFirst());
                }
            });
            if (side.read.isEmpty()) {
                side.before = from;
            }
        }
        return !side.read.isEmpty();
    }

    private static int size(ConsumerRecord<?, ?> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    private static Map<Integer, Long> decode(String token) {
        var stands = new HashMap<Integer, Long>();
        try {
            for (var stand : PageToken.decode(token, 1).getFirst().split(",", -1)) {
                var parts = stand.split(":", 2);
                stands.put(Integer.valueOf(parts[0]), Long.valueOf(parts[1]));
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw ProblemException.malformed("page_token", "not a token of this list; leave it out to start over");
        }
        return stands;
    }
}
