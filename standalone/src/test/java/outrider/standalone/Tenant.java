package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.standalone.Service.INSIGHTS;
import static outrider.standalone.Service.SCHEDULER;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.Ids;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.Wire;
import outrider.web.Scopes;

/// An account of the shared fleet with a zone, a scan and an insight.
record Tenant(String name, UUID account, UUID asset, UUID scan, String insight) {

    static Tenant make(String name) {
        var account = id(post("/v1/accounts", TestFleet.operator(), "{\"name\":\"%s\",\"plan\":\"PRO\"}", name));
        var asset = id(post(
                "/v1/accounts/" + account + "/assets",
                TestFleet.operator(),
                "{\"kind\":\"ZONE\",\"name\":\"%s.test\",\"endpoints\":[\"https://%1$s.test:1\"]}",
                name));
        var scan = post("/v1/scans", TestFleet.operator(), "{\"asset_id\":\"%s\"}", asset)
                .json()
                .at("/items/0/scan_id")
                .asString();
        var answer = TestFleet.call(
                INSIGHTS,
                "POST",
                "/v1/reports",
                TestFleet.operator(),
                "application/x-ndjson",
                report(account, asset, name, 1));
        assertThat(answer.body()).contains("applied");
        return new Tenant(name, account, asset, UUID.fromString(scan), insight(account, name + ".test"));
    }

    /// The account's insight with its asset's name, which the inventory brings later: then it does not change any more.
    private static String insight(UUID account, String asset) {
        var path = "/v1/insights?account_id=" + account;
        var named = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> TestFleet.get(INSIGHTS, path, TestFleet.operator())
                                .json()
                                .at("/items/0"),
                        item -> item.path("asset_name").asString("").equals(asset));
        return named.get("id").asString();
    }

    /// Whatever tells of it.
    List<String> traces() {
        return List.of(name, account.toString(), asset.toString(), scan.toString(), insight);
    }

    /// A new API key with every scope, for this account only.
    String key() {
        var scopes = Scopes.OPERATOR.stream().map(scope -> '"' + scope + '"').toList();
        var made = post(
                "/admin/keys",
                TestFleet.operator(),
                "{\"name\":\"script\",\"scopes\":%s,\"account_id\":\"%s\"}",
                scopes,
                account);
        return made.json().get("secret").asString();
    }

    /// The token for a new key.
    String token() {
        return post("/v1/tokens", null, "{\"key\":\"%s\"}", key())
                .json()
                .get("token")
                .asString();
    }

    /// A report of one insight.
    String report(int sequence) {
        return report(account, asset, name, sequence);
    }

    private static String report(UUID account, UUID asset, String name, int sequence) {
        var check = new CheckId("http.hsts");
        var subject = "https://%s.test:1".formatted(name);
        var now = Instant.now();
        return Stream.of(
                        // Later than any scan of the fleet's own.
                        new ReportHeader(
                                Ids.next(Clock.systemUTC()),
                                1_000_000 + sequence,
                                account,
                                asset,
                                "http",
                                now,
                                now,
                                null),
                        CheckResult.fail(check, subject, "see there"),
                        new FoundInsight(
                                check, subject, "", Severity.LOW, Confidence.FIRM, "No HSTS on " + name, Map.of()),
                        new ReportEnd(1, 1))
                .map(line -> Wire.JSON.writerFor(ReportLine.class).writeValueAsString(line) + "\n")
                .collect(Collectors.joining());
    }

    private static UUID id(TestFleet.Answer answer) {
        return UUID.fromString(answer.json().get("id").asString());
    }

    private static TestFleet.Answer post(String path, @Nullable String token, String body, Object... values) {
        var answer = TestFleet.call(SCHEDULER, "POST", path, token, body.formatted(values));
        assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
        return answer;
    }
}
