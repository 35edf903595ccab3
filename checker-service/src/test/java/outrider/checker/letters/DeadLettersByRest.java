package outrider.checker.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.checker.scan.CheckerFixture;
import outrider.lanes.LaneHeaders;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.Topics;
import outrider.scan.Wire;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Dead letters by REST. Nobody runs the slow lane here, so what is sent there stays to be looked at.
abstract class DeadLettersByRest {

    static final JsonMapper JSON = new JsonMapper();
    static final String REPLAY = "/admin/dead-letters:replay";

    static CheckerFixture fixture;
    static ConfigurableApplicationContext replica;

    final ScanJob job = fixture.job("example.org");
    final String key = job.assetId().toString();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        replica = fixture.start("--outrider.replica.name=one", "--outrider.checker.lanes=fast");
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    static void letter(ScanJob job, String... headers) {
        var all = new ArrayList<>(List.of(dead("a test")));
        all.addAll(List.of(headers));
        fixture.publish(Topics.DEAD, job.assetId().toString(), Wire.write(job), all.toArray(String[]::new));
    }

    static String[] dead(String reason) {
        return new String[] {
            LaneHeaders.DEAD_REASON,
            reason,
            LaneHeaders.DEAD_LANE,
            "slow",
            LaneHeaders.DEAD_AT,
            Instant.parse("2026-06-01T00:00:00Z").toString(),
        };
    }

    static JsonNode count() throws Exception {
        return get("/admin/dead-letters:count");
    }

    static JsonNode list(String query) throws Exception {
        return get("/admin/dead-letters?" + query);
    }

    private static JsonNode get(String path) throws Exception {
        var answer = CheckerFixture.call(fixture, replica, "GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    static JsonNode replay(String body) throws Exception {
        var answer = post(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    static HttpResponse<String> post(String body) throws Exception {
        return CheckerFixture.call(fixture, replica, "POST", REPLAY, body);
    }

    /// What lies in the slow lane for the job, once there is that much.
    List<ConsumerRecord<byte[], byte[]>> sent(int records) {
        await().atMost(SOON).until(() -> fixture.records(Lane.SLOW.topic(), key).size() >= records);
        return fixture.records(Lane.SLOW.topic(), key);
    }
}
