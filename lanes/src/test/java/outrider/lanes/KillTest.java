package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import outrider.embedded.JavaCommand;
import outrider.embedded.TestBroker;

/// Processes that are killed outright while they work: nothing is lost, and what is done again is bounded and
/// counted.
class KillTest {
    private static final int PERMITS = 64;
    /// More than a member gets done before it is killed: the next one has to have something to lose.
    private static final int AHEAD = 15_000;

    @Test
    void kills_lose_nothing_and_redo_no_more_than_was_uncommitted() throws Exception {
        killAndCount("classic", 2);
    }

    @Test
    @Tag("soak")
    void a_hundred_kills_lose_nothing_and_redo_no_more_than_was_uncommitted() throws Exception {
        killAndCount("classic", 100);
    }

    @Test
    @Tag("soak")
    void kills_of_dynamic_members_lose_nothing_and_redo_no_more_than_was_uncommitted() throws Exception {
        killAndCount("consumer", 20);
    }

    private static void killAndCount(String protocol, int kills) throws Exception {
        var random = new Random(42);
        try (var fixture = protocol.equals("classic") ? new LaneFixture(3).classic() : new LaneFixture(3)) {
            var ledger = fixture.topic + ".ledger";
            fixture.create(ledger, 1);
            int jobs = 0;
            long mayRedo = 0;
            for (int i = 0; i < kills; i++) {
                long before = fixture.size(ledger);
                int wanted = (int) fixture.knownSettled() + AHEAD;
                fixture.produce(jobs, wanted);
                jobs = wanted;
                var member = start(fixture, protocol);
                await().atMost(Duration.ofMinutes(1)).until(() -> fixture.size(ledger) > before);
                member.waitFor(200 + random.nextInt(2_000), TimeUnit.MILLISECONDS);
                long known = fixture.knownSettled();
                member.destroyForcibly().waitFor();
                mayRedo += PERMITS + fixture.distinct(ledger) - known;
            }
            fixture.start(
                    fixture.settings(),
                    new LedgerHandler(fixture.clients("fast").producer(), ledger, 0),
                    () -> fixture.clients("fast").consumer(fixture.settings(), "doomed"));
            int all = jobs;
            await().atMost(Duration.ofMinutes(2)).until(() -> fixture.committed() >= all);
            var values = fixture.readAll(ledger).stream()
                    .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                    .toList();
            var missing = expected(jobs);
            missing.removeAll(Set.copyOf(values));
            assertThat(missing).isEmpty();
            assertThat(values.size() - jobs).isLessThanOrEqualTo((int) mayRedo);
        }
    }

    private static Set<String> expected(int jobs) {
        return IntStream.range(0, jobs).mapToObj(i -> "job-" + i).collect(Collectors.toCollection(HashSet::new));
    }

    private static Process start(LaneFixture fixture, String protocol) throws IOException {
        return JavaCommand.of(
                        DoomedMember.class,
                        List.of("-Xmx256m"),
                        List.of(TestBroker.shared().bootstrapServers(), fixture.topic, protocol))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
