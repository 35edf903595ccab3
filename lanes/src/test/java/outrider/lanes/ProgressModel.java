package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/// One partition of a log with gaps, a consumer that may crash at any step, and the plain truth about what was
/// settled.
final class ProgressModel {
    private final Random random;
    private final TreeSet<Long> log = new TreeSet<>();
    private final SortedSet<Long> settled = new TreeSet<>();
    private final List<Unsettled> running = new ArrayList<>();
    private final Map<Long, Integer> epochs = new HashMap<>();
    private int epoch;
    private long logEnd;
    private long polled;
    /// Settled as far as the living consumer and the commits it started from can know.
    private SortedSet<Long> known = new TreeSet<>();

    private SortedSet<Long> knownAtCommit = new TreeSet<>();
    private OffsetAndMetadata committed = new OffsetAndMetadata(0);
    private PartitionProgress progress = PartitionProgress.restored(0, "");

    ProgressModel(Random random) {
        this.random = random;
    }

    void step() {
        switch (random.nextInt(13)) {
            case 0, 1 -> append();
            case 2, 3 -> poll();
            case 4 -> commit();
            case 5 -> crash(UnaryOperator.identity());
            case 6 -> cut();
            default -> settleOne();
        }
    }

    void check() {
        progress.commit().ifPresent(commit -> {
            assertThat(commit.offset().metadata().length()).isLessThanOrEqualTo(OffsetMap.MAX_TEXT);
            var open = new TreeSet<>(log);
            open.removeAll(settled);
            long frontier = commit.offset().offset();
            assertThat(open.headSet(frontier)).isEmpty();
            OffsetMap.decode(commit.offset().metadata(), frontier)
                    // Of records of a later epoch than it knows, it says nothing.
                    .ifPresent(map -> assertThat(map.unsettled())
                            .containsAll(open.subSet(frontier, map.horizon()).stream()
                                    .filter(offset -> epochs.get(offset) <= map.epoch())
                                    .toList()));
        });
    }

    /// The consumer dies and another one starts from the last commit.
    void crash(UnaryOperator<String> damage) {
        running.clear();
        var metadata = damage.apply(committed.metadata());
        boolean readable = metadata.equals(committed.metadata());
        known = new TreeSet<>(readable ? knownAtCommit : log.headSet(committed.offset()));
        progress = PartitionProgress.restored(committed.offset(), metadata);
        polled = committed.offset();
        // A look ahead on a copy: what was settled when that commit was made is skipped, all of it, and nothing
        // else.
        var again = PartitionProgress.restored(committed.offset(), metadata);
        for (long offset : log.tailSet(polled)) {
            assertThat(again.track(offset, 0, epochs.get(offset)).isPresent()).isEqualTo(!known.contains(offset));
        }
    }

    /// Everything is polled and settled, without further accidents.
    void finish() {
        while (polled < logEnd || !running.isEmpty()) {
            poll();
            settleOne();
        }
        check();
    }

    SortedSet<Long> neverRun() {
        var open = new TreeSet<>(log);
        open.removeAll(settled);
        return open;
    }

    private void append() {
        for (int i = random.nextInt(20); i >= 0; i--) {
            log.add(logEnd);
            epochs.put(logEnd, epoch);
            logEnd += random.nextInt(4) == 0 ? 1 + random.nextInt(300) : 1;
        }
    }

    /// A leader that lacks the end of the log takes over, and other records come there. What was committed lies
    /// before it.
    private void cut() {
        long least = committed.offset() + 1;
        if (polled <= least) {
            return;
        }
        long end = random.nextLong(least, polled);
        if (progress.position() <= end) {
            return;
        }
        Stream.of(log, settled, known, knownAtCommit)
                .forEach(offsets -> offsets.tailSet(end).clear());
        logEnd = end;
        epoch++;
        append();
        assertThat(progress.rewoundBy(end)).isTrue();
        running.clear();
        progress = progress.cutAt(end).orElseGet(PartitionProgress::fresh);
        polled = progress.position() < 0 ? end : progress.position();
    }

    private void poll() {
        var batch = log.tailSet(polled).stream().limit(1 + random.nextInt(30)).toList();
        for (long offset : batch) {
            progress.track(offset, 0, epochs.get(offset)).ifPresent(running::add);
            polled = offset + 1;
        }
        if (batch.isEmpty()) {
            polled = logEnd;
            progress.advanceTo(polled);
        }
    }

    private void settleOne() {
        if (!running.isEmpty()) {
            var ended = running.remove(random.nextInt(running.size()));
            settled.add(ended.offset());
            known.add(ended.offset());
            progress.settle(ended);
        }
    }

    private void commit() {
        progress.commit().ifPresent(commit -> {
            committed = commit.offset();
            knownAtCommit = new TreeSet<>(known);
        });
    }
}
