package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import outrider.insights.TestInsights;
import outrider.scan.CheckState;
import outrider.scan.Part;

/// Long random histories of a scope that is scanned in parts: in any order, twice and late, divided anew, with looks at
/// some subjects and at the whole in between, by arrays, COPY and hash-first. They end in the database as in the model.
class PartModelTest {

    private static final IngestProperties PROPERTIES =
            IngestPropertiesTest.bind(Map.of("outrider.ingest.withhold.above", "3"));
    private static final List<String> NAMES = Stream.iterate(0, i -> i + 1)
            .limit(12)
            .map("n%d.example"::formatted)
            .toList();

    @Test
    void ends_as_the_model_says() {
        for (var seed = 0; seed < 12; seed++) {
            new History(seed).run(150);
        }
    }

    @Test
    @Tag("soak")
    void long_histories_end_as_the_model_says() {
        for (var seed = 100; seed < 140; seed++) {
            new History(seed).run(1_000);
        }
    }

    private static final class History {

        private final Random random;
        private final TestScope scope = new TestScope(UUID.randomUUID(), PROPERTIES);
        private final ScopeModel model = new ScopeModel(PROPERTIES);
        private final List<TestReport> waiting = new ArrayList<>();
        private final List<TestReport> sent = new ArrayList<>();
        private final Map<String, CheckState> world = new HashMap<>();
        private final List<String> steps = new ArrayList<>();
        private final long seed;
        private CheckState weather;
        private long sequence;
        private Instant now = Instant.parse("2021-06-01T12:00:00Z");

        History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run(int length) {
            for (var step = 0; step < length; step++) {
                now = now.plusSeconds(60L * List.of(1, 20, 40, 600).get(random.nextInt(4)));
                switch (random.nextInt(12)) {
                    case 0 -> waiting.add(report(UUID.randomUUID(), ++sequence, null));
                    case 1, 2 -> {
                        var some = NAMES.stream()
                                .filter(name -> random.nextInt(5) == 0)
                                .toList();
                        if (!some.isEmpty()) {
                            waiting.add(report(UUID.randomUUID(), ++sequence, Part.of(some)));
                        }
                    }
                    case 3, 4 -> divide();
                    case 5 -> {
                        if (!sent.isEmpty()) {
                            send(sent.get(random.nextInt(sent.size())));
                        }
                    }
                    default -> {
                        if (!waiting.isEmpty()) {
                            var next = waiting.remove(random.nextInt(Math.min(3, waiting.size())));
                            sent.add(next);
                            send(next);
                        }
                    }
                }
            }
        }

        /// One scan in parts, of which now and then one never comes.
        private void divide() {
            var scan = UUID.randomUUID();
            sequence++;
            var borders = new TreeSet<Long>(List.of(0L, Part.PLACES / 2, Part.PLACES));
            if (random.nextInt(3) == 0) {
                borders.add(random.nextLong(1, Part.PLACES));
            }
            for (var from : borders.headSet(Part.PLACES)) {
                if (random.nextInt(8) > 0) {
                    waiting.add(report(scan, sequence, Part.range(1, from, borders.higher(from))));
                }
            }
        }

        private TestReport report(UUID scan, long sequence, Part part) {
            var report = scope.scan(sequence).scanId(scan).at(now).part(part);
            drift();
            for (var name : NAMES) {
                if (part == null || part.contains(name)) {
                    look(report, name, Objects.requireNonNullElse(weather, world.getOrDefault(name, CheckState.FAIL)));
                }
            }
            return report;
        }

        /// A name fares otherwise than before, or for some time all do. Most looks find what the last one found.
        private void drift() {
            if (random.nextInt(3) == 0) {
                world.put(
                        NAMES.get(random.nextInt(NAMES.size())),
                        CheckState.values()[random.nextInt(CheckState.values().length)]);
            }
            if (random.nextInt(5) == 0) {
                weather = random.nextInt(3) > 0
                        ? null
                        : random.nextBoolean() ? CheckState.PASS : CheckState.NOT_APPLICABLE;
            }
        }

        private void look(TestReport report, String name, CheckState state) {
            switch (state) {
                case PASS -> report.pass("lab.alpha", name);
                case NOT_APPLICABLE -> report.notApplicable("lab.alpha", name);
                case ERROR -> {
                    if (random.nextBoolean()) {
                        report.error("lab.alpha", name);
                    }
                }
                case FAIL ->
                    report.evidence(random.nextInt(40) == 0 ? "2" : "1").fail("lab.alpha", name, "1", "2");
            }
        }

        private void send(TestReport report) {
            if (random.nextInt(3) == 0) {
                report.withoutBodiesOf(scope.openHashes());
            } else {
                report.withoutBodiesOf(Set.of());
            }
            steps.add("%d %s"
                    .formatted(report.header().sequence(), report.header().part()));
            var outcome = random.nextBoolean() ? scope.apply(report) : scope.applyLarge(report);
            assertThat(outcome).as("seed %d: %s", seed, steps).isEqualTo(model.apply(report.whole()));
            assertThat(states()).as("seed %d: %s", seed, steps).isEqualTo(model.states());
            assertThat(TestInsights.JDBC
                            .sql("select last_seq from insights.scope where account_id = ?")
                            .param(scope.accountId)
                            .query(Long.class)
                            .single())
                    .as("seed %d: %s", seed, steps)
                    .isEqualTo(model.lastSequence());
        }

        private Map<String, String> states() {
            var states = new TreeMap<String, String>();
            IngestModelTest.insights(TestInsights.JDBC, scope.accountId)
                    .forEach((name, insight) -> states.put(name, insight.replaceAll(", seen at [^,]+,", ",")));
            return states;
        }
    }
}
