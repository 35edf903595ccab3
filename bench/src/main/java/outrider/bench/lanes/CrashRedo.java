package outrider.bench.lanes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.Feed;
import outrider.bench.lanes.arm.LaneArm;

/// What a kill -9 in the middle of the work costs: jobs run again, against what the design allows.
final class CrashRedo {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Rig rig;
    private final Scale.Crash scale;
    private final Arm ours = new LaneArm();
    private final List<Redo> crashes = new ArrayList<>();

    CrashRedo(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.crash();
    }

    void run(Figures figures) throws InterruptedException, IOException {
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            rig.progress("crash and redo, repetition " + repetition);
            crashes.add(crash("crash-" + repetition, new Random(repetition)));
        }
        print();
        figures.put(
                "redo_after_kill_over_bound",
                Spread.of(crashes.stream().map(CrashRedo::overBound).toList()).median());
    }

    private static double overBound(Redo redo) {
        return redo.redone() / (double) Math.max(1, redo.bound());
    }

    private Redo crash(String topic, Random random) throws InterruptedException, IOException {
        rig.topics().create(topic, scale.partitions());
        rig.topics().fill(topic, scale.partitions(), 0, scale.records(), this::job);
        var feed = rig.ready(ours, rig.feed(topic, scale.partitions(), scale.permits()));
        // Else the second life waits longer for the first to be declared dead.
        rig.topics().configureGroup(feed.group(), Map.of("consumer.session.timeout.ms", "6000"));
        var directory = Files.createTempDirectory("outrider-crash-");
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        try {
            killOne(feed, first, random);
            try (var child = CrashChild.start(feed, second)) {
                awaitDone(first, second, scale.records());
            }
            return checked(Redo.of(EventLog.read(first), EventLog.read(second), scale.records()));
        } finally {
            Files.deleteIfExists(first);
            Files.deleteIfExists(second);
            Files.delete(directory);
            rig.topics().delete(topic);
        }
    }

    private byte[] job(int number) {
        return new Payload(number, SlowJobs.isSlow(number) ? scale.slowMillis() : scale.fastMillis(), 0).encode();
    }

    private void killOne(Feed feed, Path log, Random random) throws InterruptedException, IOException {
        try (var child = CrashChild.start(feed, log)) {
            awaitDone(log, log, 1);
            Thread.sleep(random.nextLong(
                    scale.earliestKill().toMillis(), scale.latestKill().toMillis()));
            child.kill();
        }
    }

    private static void awaitDone(Path first, Path second, int jobs) throws InterruptedException, IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (done(first, second) < jobs) {
            if (System.nanoTime() > end) {
                throw new BenchException("only %d of %d jobs were done".formatted(done(first, second), jobs));
            }
            Thread.sleep(100);
        }
    }

    private static int done(Path first, Path second) throws IOException {
        var events = new ArrayList<>(EventLog.read(first));
        events.addAll(EventLog.read(second));
        var done = new HashSet<Integer>();
        events.stream().filter(event -> event.kind() == EventLog.Kind.ENDED).forEach(event -> done.add(event.number()));
        return done.size();
    }

    private static Redo checked(Redo redo) {
        if (redo.lost() != 0) {
            throw new BenchException("jobs were lost: " + redo);
        }
        return redo;
    }

    private void print() {
        var table = new Table(
                        "Crash and redo",
                        "crash",
                        "run again",
                        "bound",
                        "unsettled",
                        "of those started",
                        "done since commit")
                .note(
                        "%,d jobs of %d ms, one in %d of %d ms, on %d partitions; kill -9 between %d and %d s after the first job; no job was lost."
                                .formatted(
                                        scale.records(),
                                        scale.fastMillis(),
                                        SlowJobs.ONE_IN,
                                        scale.slowMillis(),
                                        scale.partitions(),
                                        scale.earliestKill().toSeconds(),
                                        scale.latestKill().toSeconds()))
                .note("bound = unsettled when killed + done since the last acknowledged commit was put together. "
                        + ours.settings(rig.feed("crash", scale.partitions(), scale.permits())));
        for (var redo : crashes) {
            table.row(
                    Integer.toString(crashes.indexOf(redo) + 1),
                    Integer.toString(redo.redone()),
                    Integer.toString(redo.bound()),
                    Integer.toString(redo.unsettled()),
                    Integer.toString(redo.open()),
                    Integer.toString(redo.sinceCommit()));
        }
        table.print(rig.out());
    }
}
