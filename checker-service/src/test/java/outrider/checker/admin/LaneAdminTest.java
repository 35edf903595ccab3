package outrider.checker.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.checker.scan.CheckerFixture;
import outrider.checker.scan.Lanes;
import outrider.lanes.LaneLoop;
import outrider.lanes.LaneState;
import outrider.scan.Lane;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LaneAdminTest {
    private static final JsonMapper JSON = new JsonMapper();

    static CheckerFixture fixture;
    static ConfigurableApplicationContext replica;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        replica = fixture.start("--outrider.replica.name=one", "--outrider.checker.lanes=fast");
    }

    @AfterEach
    void orderAsBefore() throws Exception {
        patch("fast", Map.of("state", "running", "permits", 256));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void shows_what_a_lane_does_here_and_what_is_ordered_everywhere() throws Exception {
        await().atMost(SOON)
                .until(() -> get("/admin/lanes/fast").at("/here/partitions").size() == 3);
        var lane = get("/admin/lanes/fast");
        assertThat(lane.at("/state").asString()).isEqualTo("running");
        assertThat(lane.at("/permits").asInt()).isEqualTo(256);
        assertThat(lane.at("/replica").asString()).isEqualTo("one");
        assertThat(lane.at("/here/backlog").asInt()).isZero();
        var lanes = get("/admin/lanes").at("/items");
        assertThat(lanes)
                .extracting(item -> item.at("/lane").asString())
                .containsExactly("fast", "slow", "interactive");
        assertThat(lanes.get(1).has("here")).isFalse();
    }

    @Test
    void an_order_reaches_every_replica_and_outlives_a_restart() throws Exception {
        var other = fixture.start("--outrider.replica.name=two", "--outrider.checker.lanes=fast");
        var answer = patch("fast", Map.of("state", "paused", "permits", 7));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at("/ordered_by").asString()).isEqualTo("operator");
        await().atMost(SOON).until(() -> loop(other).state() == LaneState.PAUSED);
        assertThat(loop(other).snapshot().permits()).isEqualTo(7);
        other.close();
        var restarted = fixture.start("--outrider.checker.lanes=fast");
        assertThat(loop(restarted).state()).isEqualTo(LaneState.PAUSED);
        assertThat(loop(restarted).snapshot().permits()).isEqualTo(7);
        restarted.close();
    }

    @Test
    void what_an_order_does_not_name_stays() throws Exception {
        patch("fast", Map.of("permits", 9));
        patch("fast", Map.of("state", "draining"));
        var lane = get("/admin/lanes/fast");
        assertThat(lane.at("/permits").asInt()).isEqualTo(9);
        assertThat(lane.at("/state").asString()).isEqualTo("draining");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fast    | {\"permits\": 0}      | 422 | permits",
                "fast    | {}                    | 422 | state",
                "fast    | {\"state\": \"off\"}  | 400 | state",
                "fast    | {\"speed\": 1}        | 400 | speed",
                "express | {\"permits\": 1}      | 404 | lane",
            })
    void refuses_what_makes_no_sense_and_names_it(String lane, String body, int status, String named) throws Exception {
        var answer = CheckerFixture.call(fixture, replica, "PATCH", "/admin/lanes/" + lane, body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(named);
    }

    @Test
    void serves_the_catalogue_of_checks() throws Exception {
        var checks = get("/v1/checks").at("/items");
        assertThat(checks)
                .extracting(check -> check.at("/id").asString())
                .contains("dns.spf", "tls.cert-expiry", "http.hsts");
        assertThat(checks)
                .allSatisfy(check -> assertThat(check.propertyNames())
                        .contains("id", "question", "why", "checker", "lane", "severity", "rationale", "sends")
                        .contains("remediation", "reproduce", "references"));
    }

    @Test
    void lists_no_jobs_where_none_run() throws Exception {
        assertThat(get("/admin/lanes/fast/jobs").at("/replica").asString()).isEqualTo("one");
        assertThat(get("/admin/lanes/fast/jobs").at("/items")).isEmpty();
    }

    @Test
    void is_ready_and_alive() throws Exception {
        assertThat(get("/actuator/health/readiness").at("/status").asString()).isEqualTo("UP");
        assertThat(get("/actuator/health/liveness").at("/status").asString()).isEqualTo("UP");
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(
                CheckerFixture.call(fixture, replica, "GET", path, "").body());
    }

    private static HttpResponse<String> patch(String lane, Map<String, Object> change) throws Exception {
        return CheckerFixture.call(fixture, replica, "PATCH", "/admin/lanes/" + lane, JSON.writeValueAsString(change));
    }

    private static LaneLoop loop(ConfigurableApplicationContext of) {
        return of.getBean(Lanes.class).find(Lane.FAST).orElseThrow();
    }
}
