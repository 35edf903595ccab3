package outrider.checker.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.checker.scan.CheckerFixture;
import outrider.checker.scan.UnwritableTopic;
import outrider.lanes.LaneHeaders;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Scopes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Dead letters by REST. Nobody runs the slow lane here, so what is sent there stays to be looked at.
class DeadLettersTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String REPLAY = "/admin/dead-letters:replay";

    static CheckerFixture fixture;
    static ConfigurableApplicationContext replica;

    private final ScanJob job = fixture.job("example.org");
    private final String key = job.assetId().toString();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        replica = fixture.start("--outrider.replica.name=one", "--outrider.checker.lanes=fast");
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void a_poison_pill_is_listed_with_its_bytes_escaped() throws Exception {
        var bytes = "{\"scan_id\": \u001b[2J\u202e".getBytes(UTF_8);
        fixture.publish(Lane.FAST, key, bytes);
        await().atMost(SOON).until(() -> fixture.letters(key).size() == 1);

        var letter = list("reason=NO+SCAN+JOB").at("/items/0");

        assertThat(letter.at("/raw/text").asString()).isEqualTo("{\"scan_id\": \\u{1b}[2J\\u{202e}");
        assertThat(Base64.getDecoder().decode(letter.at("/raw/base64").asString()))
                .isEqualTo(bytes);
        assertThat(letter.at("/lane").asString()).isEqualTo("fast");
        assertThat(letter.at("/origin/topic").asString()).isEqualTo("scan-jobs.fast");
        assertThat(letter.has("job")).isFalse();
    }

    @Test
    void a_replayed_letter_runs_and_is_settled() throws Exception {
        CheckerFixture.crash(replica, true);
        var crashed = fixture.publish(Lane.FAST, "example.org");
        await().atMost(SOON).until(() -> fixture.outcomes(crashed).contains(ScanOutcome.Kind.DEAD));
        CheckerFixture.crash(replica, false);
        var letter = list("asset_id=" + crashed.assetId()).at("/items/0");
        assertThat(letter.at("/attempts").asInt()).isEqualTo(3);
        assertThat(letter.at("/exception").asString()).contains("a bug");
        assertThat(letter.at("/job/scan_id").asString())
                .isEqualTo(crashed.scanId().toString());

        var answer = replay("{\"ids\": [\"%s\"]}".formatted(letter.at("/id").asString()));

        assertThat(answer.at("/counts/replayed").asInt()).isOne();
        await().atMost(SOON)
                .until(() ->
                        fixture.outcomes(crashed).equals(List.of(ScanOutcome.Kind.DEAD, ScanOutcome.Kind.REPORTED)));
        assertThat(list("asset_id=" + crashed.assetId())
                        .at("/items/0/replayed/by")
                        .asString())
                .isEqualTo("operator");
    }

    @Test
    void they_are_counted_apart_from_those_that_were_replayed() throws Exception {
        var before = count();
        letter(job);
        letter(fixture.job("example.net"));
        var id = list("asset_id=" + key).at("/items/0/id").asString();

        replay("{\"ids\": [\"%s\"]}".formatted(id));

        var after = count();
        assertThat(after.at("/kept").asLong() - before.at("/kept").asLong()).isEqualTo(2);
        assertThat(after.at("/waiting").asLong() - before.at("/waiting").asLong())
                .isEqualTo(1);
    }

    @Test
    void a_replayed_letter_is_the_job_it_was_and_begins_anew() throws Exception {
        letter(
                job,
                "traceparent",
                "00-1",
                LaneHeaders.ATTEMPT,
                "3",
                LaneHeaders.NOT_BEFORE,
                "2026-01-01T00:00:00Z",
                LaneHeaders.EXPIRES_AT,
                "2026-01-01T00:00:00Z");
        var id = list("asset_id=" + key).at("/items/0/id").asString();

        var answer = replay("{\"ids\": [\"%1$s\", \"%1$s\"]}".formatted(id));

        assertThat(answer.at("/counts/replayed").asInt()).isOne();
        var sent = sent(1).getFirst();
        assertThat(sent.value()).isEqualTo(Wire.write(job));
        assertThat(sent.headers().toArray())
                .extracting(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .containsExactlyInAnyOrder(
                        "traceparent=00-1", "lane=slow", "attempt=1", JobHeaders.REPLAYED_FROM + "=" + id);
    }

    @Test
    void a_dry_run_tells_what_would_go_and_writes_nothing() throws Exception {
        letter(job);
        letter(job);

        var answer = replay("{\"filter\": {\"asset_id\": \"%s\"}, \"dry_run\": true}".formatted(key));

        assertThat(answer.at("/counts/would_replay").asInt()).isEqualTo(2);
        assertThat(answer.at("/items/0/topic").asString()).isEqualTo("scan-jobs.slow");
        assertThat(list("asset_id=" + key).at("/items/0").has("replayed")).isFalse();
        // What is sent now is all there is: a dry run would have sent its jobs before.
        replay("{\"ids\": [\"%s\"]}".formatted(answer.at("/items/0/id").asString()));
        assertThat(sent(1)).hasSize(1);
    }

    @Test
    void replaying_all_twice_sends_each_once() throws Exception {
        letter(job);
        replay("{\"all\": true}");

        var twice = replay("{\"all\": true}");

        assertThat(twice.at("/counts/replayed").asInt()).isZero();
        assertThat(twice.at("/counts/already_replayed").asInt()).isPositive();
        assertThat(sent(1)).hasSize(1);
        replay("{\"filter\": {\"asset_id\": \"%s\"}, \"again\": true}".formatted(key));
        assertThat(sent(2)).hasSize(2);
    }

    @Test
    void another_replica_knows_what_was_replayed() throws Exception {
        letter(job);
        replay("{\"filter\": {\"asset_id\": \"%s\"}}".formatted(key));
        try (var other = fixture.start("--outrider.replica.name=two", "--outrider.checker.lanes=fast")) {
            var body = "{\"filter\": {\"asset_id\": \"%s\"}}".formatted(key);
            var answer = JSON.readTree(
                    CheckerFixture.call(fixture, other, "POST", REPLAY, body).body());

            assertThat(answer.at("/counts/already_replayed").asInt()).isOne();
        }
    }

    @Test
    void what_kafka_does_not_take_is_not_replayed() throws Exception {
        letter(job);
        var again = "{\"filter\": {\"asset_id\": \"%s\"}, \"again\": true}".formatted(key);
        var other = fixture.job("other.example.org");
        letter(other);
        try (var _ = new UnwritableTopic(Lane.SLOW.topic())) {
            await().atMost(SOON).until(() -> replay(again).at("/counts/failed").asInt() == 1);

            var refused = replay("{\"filter\": {\"asset_id\": \"%s\"}}".formatted(other.assetId()));

            assertThat(refused.at("/counts/failed").asInt()).isOne();
            assertThat(refused.at("/items/0/why").asString()).contains("did not take it");
            assertThat(refused.at("/stopped").asString()).contains("Kafka");
        }
        await().atMost(SOON)
                .until(() -> replay("{\"filter\": {\"asset_id\": \"%s\"}}".formatted(other.assetId()))
                                .at("/counts/replayed")
                                .asInt()
                        == 1);
    }

    @Test
    void what_is_no_job_is_replayed_only_by_name() throws Exception {
        var poison = UUID.randomUUID().toString();
        fixture.publish(Topics.DEAD, poison, "[]".getBytes(UTF_8), dead("poison " + poison));

        var filtered = replay("{\"filter\": {\"reason\": \"%s\"}}".formatted(poison));

        assertThat(filtered.at("/counts/unreadable").asInt()).isOne();
        assertThat(filtered.at("/items/0/why").asString()).contains("no scan job");
        var named = replay(
                "{\"ids\": [\"%s\"]}".formatted(filtered.at("/items/0/id").asString()));
        assertThat(named.at("/counts/replayed").asInt()).isOne();
        await().atMost(SOON)
                .until(() -> fixture.records(Lane.SLOW.topic(), poison).size() == 1);
    }

    @ParameterizedTest
    @CsvSource({
        "lane=slow, 1",
        "lane=fast, 0",
        "checker=dns, 1",
        "checker=tls, 0",
        "reason=A+Test, 1",
        "reason=nonsense, 0",
        "since=2026-06-01T00:00:00Z, 1",
        "since=2026-06-01T00:00:01Z, 0",
        "until=2026-06-01T00:00:01Z, 1",
        "until=2026-06-01T00:00:00Z, 0",
        "since=+1000000000-01-01T00:00:00Z, 0",
    })
    void filters_narrow_the_list(String filter, int found) throws Exception {
        letter(job);

        var query = filter.replace("=+", "=%2B") + "&account_id=" + job.accountId();

        assertThat(list(query).at("/items")).hasSize(found);
    }

    @Test
    void pages_lead_from_the_newest_to_the_oldest() throws Exception {
        for (int i = 0; i < 5; i++) {
            letter(job);
        }
        var offsets = new ArrayList<String>();
        var page = list("limit=2&asset_id=" + key);
        while (true) {
            page.at("/items").forEach(item -> offsets.add(item.at("/id").asString()));
            if (offsets.size() == 5) {
                break;
            }
            assertThat(page.at("/items")).hasSize(2);
            letter(job); // what comes later is not in the way
            page = list("limit=2&asset_id=" + key + "&page_token="
                    + page.at("/next_page_token").asString());
        }

        assertThat(offsets).doesNotHaveDuplicates();
        assertThat(offsets).isSortedAccordingTo((one, other) -> Long.compare(offset(other), offset(one)));
    }

    @Test
    void a_request_reads_no_more_than_it_may_and_says_so() throws Exception {
        for (int i = 0; i < 5; i++) {
            letter(fixture.job("other.example.org"));
        }
        try (var bounded = fixture.start("--outrider.checker.lanes=fast", "--outrider.dead-letters.most-examined=3")) {
            var path = "/admin/dead-letters?asset_id=" + UUID.randomUUID();
            var page = JSON.readTree(
                    CheckerFixture.call(fixture, bounded, "GET", path, "").body());

            assertThat(page.at("/items")).isEmpty();
            assertThat(page.at("/examined").asInt()).isEqualTo(3);
            assertThat(page.at("/cut_short").asBoolean()).isTrue();
            assertThat(page.at("/next_page_token").asString()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                        | all",
                "{\"all\": false}                          | all",
                "{\"ids\": [\"0-0\"], \"all\": true}       | ids",
                "{\"ids\": []}                             | ids",
                "{\"ids\": [null]}                         | ids",
                "{\"ids\": [\"seven\"]}                    | ids",
                "{\"ids\": [\"0-0\"], \"page_token\": \"\"}| page_token",
                "{\"all\": true, \"page_token\": \"x\"}    | page_token",
                "{\"filter\": {}}                          | filter",
                "{\"filter\": {\"lane\": \"express\"}}     | filter.lane",
                "{\"filter\": {\"colour\": \"red\"}}       | filter.colour",
                "{\"everything\": true}                    | everything",
            })
    void refuses_what_makes_no_sense_and_names_it(String body, String field) throws Exception {
        var answer = post(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).at("/errors/0/field").asString())
                .isEqualTo(field);
    }

    @Test
    void tells_which_letter_is_not_there() throws Exception {
        var answer = replay("{\"ids\": [\"0-999999999\", \"777-0\"]}");

        assertThat(answer.at("/counts/not_found").asInt()).isEqualTo(2);
    }

    @Test
    void a_token_of_one_account_sees_and_replays_none() throws Exception {
        var token = fixture.token(Scopes.OPERATOR, job.accountId());

        assertThat(CheckerFixture.call(replica, token, "GET", "/admin/dead-letters", "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(CheckerFixture.call(replica, token, "POST", REPLAY, "{\"all\": true}")
                        .statusCode())
                .isEqualTo(403);
    }

    private static void letter(ScanJob job, String... headers) {
        var all = new ArrayList<>(List.of(dead("a test")));
        all.addAll(List.of(headers));
        fixture.publish(Topics.DEAD, job.assetId().toString(), Wire.write(job), all.toArray(String[]::new));
    }

    private static String[] dead(String reason) {
        return new String[] {
            LaneHeaders.DEAD_REASON,
            reason,
            LaneHeaders.DEAD_LANE,
            "slow",
            LaneHeaders.DEAD_AT,
            Instant.parse("2026-06-01T00:00:00Z").toString(),
        };
    }

    /// What lies in the slow lane for the job, once there is that much.
    private List<ConsumerRecord<byte[], byte[]>> sent(int records) {
        await().atMost(SOON).until(() -> fixture.records(Lane.SLOW.topic(), key).size() >= records);
        return fixture.records(Lane.SLOW.topic(), key);
    }

    private static long offset(String id) {
        return LetterId.parse(id).orElseThrow().offset();
    }

    private static JsonNode count() throws Exception {
        return get("/admin/dead-letters:count");
    }

    private static JsonNode list(String query) throws Exception {
        return get("/admin/dead-letters?" + query);
    }

    private static JsonNode get(String path) throws Exception {
        var answer = CheckerFixture.call(fixture, replica, "GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode replay(String body) throws Exception {
        var answer = post(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return CheckerFixture.call(fixture, replica, "POST", REPLAY, body);
    }
}
