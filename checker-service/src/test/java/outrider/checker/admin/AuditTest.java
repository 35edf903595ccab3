package outrider.checker.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.checker.scan.CheckerFixture;
import outrider.checker.scan.UnwritableTopic;
import outrider.scan.AuditRecord;
import outrider.scan.Topics;
import outrider.scan.Wire;

class AuditTest {
    static CheckerFixture fixture;
    static ConfigurableApplicationContext replica;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        replica = fixture.start("--outrider.replica.name=one", "--outrider.checker.lanes=fast");
    }

    @AfterAll
    static void stop() throws Exception {
        permits("fast", 256);
        fixture.close();
    }

    @Test
    void a_change_of_a_lane_is_noted_with_what_was_before() throws Exception {
        permits("fast", 7);
        permits("fast", 8);

        await().atMost(SOON).until(() -> last("lane/fast").after().equals(Map.of("state", "running", "permits", 8)));
        var record = last("lane/fast");
        assertThat(record.before()).isEqualTo(Map.of("state", "running", "permits", 7));
        assertThat(record.action()).isEqualTo("lane.change");
        assertThat(record.actor()).isEqualTo("operator");
        assertThat(record.service()).isEqualTo("checker-service");
        assertThat(record.replica()).isEqualTo("one");
        assertThat(record.id().version()).isEqualTo(7);
    }

    @Test
    void a_replay_is_noted_and_a_rehearsal_is_not() throws Exception {
        replay("{\"ids\": [\"0-888888888\"], \"dry_run\": true}");
        replay("{\"ids\": [\"0-999999999\"]}");

        await().atMost(SOON)
                .until(() -> records(Topics.DEAD).stream()
                        .anyMatch(record -> Map.of("ids", List.of("0-999999999"), "again", false)
                                .equals(record.after())));
        assertThat(records(Topics.DEAD))
                .noneMatch(record -> String.valueOf(record.after()).contains("0-888888888"));
    }

    @Test
    void nothing_is_done_that_cannot_be_noted() throws Exception {
        permits("fast", 11);
        try (var _ = new UnwritableTopic(Topics.AUDIT)) {
            await().atMost(SOON).until(() -> permits("fast", 11).statusCode() == 503);

            var refused = permits("fast", 12);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("audit");
            assertThat(replay("{\"all\": true}").statusCode()).isEqualTo(503);
            assertThat(CheckerFixture.call(fixture, replica, "GET", "/admin/lanes/fast", "")
                            .body())
                    .contains("\"permits\":11");
        }
        await().atMost(SOON).until(() -> permits("fast", 11).statusCode() == 200);
    }

    private static List<AuditRecord> records(String target) {
        return fixture.records(Topics.AUDIT, target).stream()
                .map(record -> Wire.read(record.value(), AuditRecord.class))
                .toList();
    }

    private static AuditRecord last(String target) {
        return records(target).getLast();
    }

    private static HttpResponse<String> permits(String lane, int permits) throws Exception {
        return CheckerFixture.call(
                fixture,
                replica,
                "PATCH",
                "/admin/lanes/" + lane,
                "{\"state\": \"running\", \"permits\": %d}".formatted(permits));
    }

    private static HttpResponse<String> replay(String body) throws Exception {
        return CheckerFixture.call(fixture, replica, "POST", "/admin/dead-letters:replay", body);
    }
}
