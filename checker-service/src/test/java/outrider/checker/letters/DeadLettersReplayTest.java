package outrider.checker.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.checker.scan.CheckerFixture;
import outrider.checker.scan.UnwritableTopic;
import outrider.lanes.LaneHeaders;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// Dead letters that are run again.
class DeadLettersReplayTest extends DeadLettersByRest {

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
}
