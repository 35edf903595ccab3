package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.insights.TestApi;
import outrider.insights.TestApi.Answer;
import outrider.scan.FoundInsight;
import outrider.web.Scopes;

/// `POST /v1/reports` over HTTP.
class ReportEndpointTest {

    private final TestScope scope = new TestScope();

    @Test
    void answers_each_report_in_the_order_of_the_request() {
        var other = new TestScope();
        var answer = send(scope.scan().fail("lab.alpha", "a", "1").ndjson()
                + other.scan().pass("other.gamma", "a").ndjson()
                + scope.scan().pass("lab.alpha", "a").ndjson());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()
                        .at("/items")
                        .valueStream()
                        .map(item -> item.at("/kind").asString()))
                .containsExactly("applied", "rejected", "applied");
        assertThat(answer.body().at("/items/0/counts/opened").asInt()).isOne();
        assertThat(answer.body().at("/items/1/why").asString())
                .isEqualTo("line 6, check: 'other.gamma' is a check of other, not of lab");
        assertThat(scope.states()).containsEntry("1", "resolved fixed");
    }

    @Test
    void takes_gzip() throws IOException {
        var zipped = gzip(scope.scan().fail("lab.alpha", "a", "1").ndjson().getBytes(UTF_8));

        var answer = TestApi.report(zipped, TestApi.token(null), "Content-Encoding", "gzip");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(scope.states()).containsEntry("1", "open");
    }

    /// As a checker sends a large report: its parts were zipped one by one.
    @Test
    void takes_gzip_of_several_members() throws IOException {
        var zipped = new ByteArrayOutputStream();
        for (var line :
                scope.scan().fail("lab.alpha", "a", "1").ndjson().lines().toList()) {
            zipped.writeBytes(gzip((line + "\n").getBytes(UTF_8)));
        }

        var answer = TestApi.report(zipped.toByteArray(), TestApi.token(null), "Content-Encoding", "gzip");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(scope.states()).containsEntry("1", "open");
    }

    /// A good report of five lines (report, a FAIL, a PASS, an insight, end), with one line put in place of another.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            3 | {"type":"result",                                                                    | 400 | line 3: not valid JSON
            5 |                                                                                      | 400 | line 1: this report has no end
            1 |                                                                                      | 400 | line 2: a report must begin
            1 | {"type":"report"}                                                                    | 400 | line 1, scan_id
            1 | 7                                                                                    | 400 | line 1
            3 | {"type":"report","scan_id":"$id","sequence":1,"account_id":"$id","asset_id":"$id","checker":"lab","started_at":"2026-06-01T00:00:00Z","finished_at":"2026-06-01T00:00:00Z"} | 400 | line 1: this report has no end: another begins in line 3
            1 | {"type":"report","scan_id":"$id","sequence":1,"account_id":"$id","asset_id":"$id","checker":"nope","started_at":"2026-06-01T00:00:00Z","finished_at":"2026-06-01T00:00:00Z"} | 422 | line 1, checker
            1 | {"type":"report","scan_id":"$id","sequence":1,"account_id":"$id","asset_id":"$id","checker":"lab","started_at":"2026-06-01T00:00:00Z","finished_at":"2999-06-01T00:00:00Z"} | 422 | line 1, finished_at
            5 | {"type":"end","results":3,"insights":1}                                              | 422 | line 5, results: counts 3, but there were 2
            5 | {"type":"end","results":2,"insights":0}                                              | 422 | line 5, insights: counts 0, but there were 1
            5 | {"type":"end","results":2}                                                           | 422 | line 5, insights
            3 | {"type":"result","check":"lab.nope","subject":"a","state":"PASS"}                    | 422 | line 3, check: there is no check 'lab.nope'
            3 | {"type":"result","check":"other.gamma","subject":"a","state":"PASS"}                 | 422 | line 3, check: 'other.gamma' is a check of other
            3 | {"type":"result","check":"lab.beta","subject":"a","state":"MAYBE"}                   | 422 | line 3, state
            3 | {"type":"result","check":"lab.beta","subject":"a","state":"ERROR"}                   | 422 | must say why
            3 | {"type":"result","check":"lab.alpha","subject":"a","state":"PASS"}                   | 422 | line 3, subject: there is already a result
            3 | {"type":"insight","check":"lab.alpha","subject":"a","detail":"2","severity":"LOW","confidence":"FIRM","title":"t","evidence":{}} | 422 | line 5, results
            3 | {"type":"remark"}                                                                    | 422 | line 3
            3 | null                                                                                 | 422 | line 3
            4 | {"type":"insight","check":"lab.beta","subject":"a","detail":"","severity":"LOW","confidence":"FIRM","title":"t","evidence":{}}    | 422 | line 4, subject: an insight needs a FAIL
            4 | {"type":"insight","check":"lab.alpha","subject":"b","detail":"","severity":"LOW","confidence":"FIRM","title":"t","evidence":{}}   | 422 | line 4, subject: an insight needs a FAIL
            4 | {"type":"insight","check":"lab.alpha","subject":"a","detail":"","severity":"BAD","confidence":"FIRM","title":"t","evidence":{}}   | 422 | line 4, severity
            4 | {"type":"insight","check":"lab.alpha","subject":"a","detail":"","severity":"LOW","confidence":"FIRM","title":"","evidence":{}}    | 422 | title must have
            4 | {"type":"insight","check":"lab.alpha","subject":"a","detail":"","severity":"LOW","confidence":"FIRM","title":"t","evidence":{"k":"\\u0000"}} | 422 | line 4, evidence: holds a NUL
            4 | {"type":"insight","check":"lab.alpha","subject":"a","detail":"\\ud800","severity":"LOW","confidence":"FIRM","title":"t","evidence":{}}       | 422 | line 4, detail: holds half a surrogate pair
            """)
    void refuses_a_lone_bad_report_with_the_line_that_is_wrong(
            int line, String replacement, int status, String complaint) {
        var lines = scope.scan()
                .fail("lab.alpha", "a", "1")
                .pass("lab.beta", "a")
                .ndjson()
                .split("\n");
        lines[line - 1] = replacement == null
                ? ""
                : replacement.replace("$id", UUID.randomUUID().toString());

        var answer = send(String.join("\n", lines));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().at("/detail").asString()).contains(complaint);
        assertThat(answer.body().at("/errors/0/field").asString()).startsWith("line ");
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void names_every_line_that_is_wrong_by_itself() {
        var lines = scope.scan()
                .fail("lab.alpha", "a", "1", "2")
                .pass("lab.beta", "a")
                .ndjson()
                .split("\n");
        lines[1] = lines[1].replace("lab.alpha", "lab.nope");
        lines[3] = lines[3].replace("FIRM", "VAGUE");
        lines[4] = lines[4].replace("\"2\"", "\"\\u0000\"");

        var answer = send(String.join("\n", lines));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()
                        .at("/errors")
                        .valueStream()
                        .map(error -> error.at("/field").asString()))
                .containsExactly("line 2, check", "line 4, confidence", "line 5, detail");
        assertThat(answer.body().at("/detail").asString()).endsWith("(and 2 more)");
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void names_twenty_of_many_wrong_lines() {
        var details = IntStream.range(0, 50).mapToObj(i -> "d" + i).toArray(String[]::new);
        var report = scope.scan().fail("lab.alpha", "a", details).ndjson().replace("FIRM", "VAGUE");

        assertThat(send(report).body().at("/errors").size()).isEqualTo(20);
    }

    @Test
    void refuses_duplicate_insights_and_late_results() {
        var line =
                "{\"type\":\"insight\",\"check\":\"lab.alpha\",\"subject\":\"a\",\"detail\":\"1\",\"severity\":\"LOW\","
                        + "\"confidence\":\"FIRM\",\"title\":\"t\",\"evidence\":{}}\n";
        var report = scope.scan().fail("lab.alpha", "a", "1").ndjson();
        var end = report.indexOf("{\"type\":\"end\"");
        var twice = report.substring(0, end) + line + "{\"type\":\"end\",\"results\":1,\"insights\":2}";
        var late = report.substring(0, end)
                + "{\"type\":\"result\",\"check\":\"lab.beta\",\"subject\":\"a\",\"state\":\"PASS\"}\n"
                + "{\"type\":\"end\",\"results\":2,\"insights\":1}";

        assertThat(send(twice).body().at("/detail").asString()).contains("line 4, detail: there is already an insight");
        assertThat(send(late).body().at("/detail").asString()).contains("line 4: a result line must come before");
    }

    @Test
    void applies_nothing_of_a_request_that_breaks_off() {
        var whole = scope.scan().fail("lab.alpha", "a", "1").ndjson();
        var second = new TestScope().scan().fail("lab.alpha", "a", "1").ndjson();

        var answer = send(whole + second.substring(0, second.length() - 20));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void names_the_line_that_is_too_long() {
        var report = scope.scan().fail("lab.alpha", "a", "1").ndjson();

        var answer = send(report + "{\"type\":\"report\",\"x\":\"" + "x".repeat(2_000_000) + "\"}\n");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body().at("/detail").asString()).isEqualTo("line 5: has more than 65536 bytes");
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void names_the_line_with_more_evidence_than_there_may_be() {
        var most = "e".repeat(FoundInsight.MAX_EVIDENCE - "seen".length());
        var report = scope.scan().evidence(most).fail("lab.alpha", "a", "1").ndjson();

        var answer = send(report.replace(most, most + "e"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().at("/detail").asString())
                .isEqualTo("line 3: evidence has 16385 characters and may have 16384");
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void bounds_what_a_small_zipped_body_becomes() throws IOException {
        var report = scope.scan().ndjson();
        var blanks = (" ".repeat(60_000) + "\n").repeat(400);
        var bomb = gzip((blanks + report).getBytes(UTF_8));

        var answer = TestApi.report(bomb, TestApi.token(null), "Content-Encoding", "gzip");

        assertThat(bomb.length).isLessThan(100_000);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body().at("/detail").asString()).startsWith("body: has more than 16777216 bytes");
    }

    @Test
    void refuses_bytes_that_are_not_utf8_or_not_gzip() {
        var report = scope.scan().fail("lab.alpha", "a", "\u00e9").ndjson();

        assertThat(TestApi.report(report.getBytes(ISO_8859_1), TestApi.token(null))
                        .body()
                        .at("/detail")
                        .asString())
                .isEqualTo("line 3: is not valid UTF-8");
        assertThat(TestApi.report(report.getBytes(UTF_8), TestApi.token(null), "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(400);
        assertThat(TestApi.report(report.getBytes(UTF_8), TestApi.token(null), "Content-Encoding", "br")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void takes_reports_only_from_whoever_may_send_them() {
        var report = scope.scan().fail("lab.alpha", "a", "1").ndjson().getBytes(UTF_8);

        var reader = TestApi.report(report, TestApi.token(Set.of(Scopes.INSIGHTS_READ), null));
        var stranger = TestApi.report(report, TestApi.token(UUID.randomUUID()));

        assertThat(reader.status()).isEqualTo(403);
        assertThat(stranger.status()).isEqualTo(422);
        assertThat(stranger.body().at("/detail").asString()).contains("line 1, account_id");
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void counts_every_report_once() {
        var meters = TestApi.APPLICATION.getBean(MeterRegistry.class);
        var before = count(meters, "outrider.ingest.reports", "outcome", "applied");

        send(scope.scan().fail("lab.alpha", "a", "1", "2").ndjson());

        assertThat(count(meters, "outrider.ingest.reports", "outcome", "applied"))
                .isEqualTo(before + 1);
    }

    private static double count(MeterRegistry meters, String name, String tag, String value) {
        var counter = meters.find(name).tag(tag, value).counter();
        return counter == null ? 0 : counter.count();
    }

    private static Answer send(String body) {
        return TestApi.report(body.getBytes(UTF_8), TestApi.token(null));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write(bytes);
        }
        return zipped.toByteArray();
    }
}
