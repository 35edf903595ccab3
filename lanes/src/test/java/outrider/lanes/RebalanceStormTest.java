package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Members that come and go all the time while some jobs take longer than their stay.
class RebalanceStormTest {

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void a_few_comings_and_goings_lose_nothing(String protocol) {
        storm(protocol, 3, 2_000);
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void five_minutes_of_comings_and_goings_lose_nothing(String protocol) {
        storm(protocol, 150, 60_000);
    }

    private static void storm(String protocol, int visits, int jobs) {
        try (var fixture = protocol.equals("classic") ? new LaneFixture(6).classic() : new LaneFixture(6)) {
            var ledger = fixture.topic + ".ledger";
            fixture.create(ledger, 1);
            var settings = fixture.settings().withPermits(32, 0);
            var handler = new LedgerHandler(fixture.clients("fast").producer(), ledger, 1);
            fixture.start(settings, handler);
            fixture.start(settings, handler);
            for (int i = 0; i < visits; i++) {
                for (int job = i * (jobs / visits); job < (i + 1) * (jobs / visits); job++) {
                    fixture.produce("job-" + job);
                }
                var visitor = fixture.start(settings, handler);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> !visitor.snapshot().partitions().isEmpty());
                visitor.close();
            }
            int produced = visits * (jobs / visits);
            await().atMost(Duration.ofMinutes(2)).until(() -> fixture.committed() == produced);
            assertThat(fixture.readAll(ledger).stream()
                            .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                            .collect(Collectors.toSet()))
                    .hasSize(produced);
        }
    }
}
