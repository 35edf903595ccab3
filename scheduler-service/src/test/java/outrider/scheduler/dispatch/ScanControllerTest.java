package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.Wire;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;
import outrider.scheduler.due.DueScopes;
import outrider.web.Scopes;

class ScanControllerTest extends OneDueAsset {

    @Test
    void starts_scans_by_all_checkers_in_the_interactive_lane() {
        var answer = http.post("/v1/scans", "{'asset_id':'%s'}".formatted(asset));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().get("items")).hasSize(TestScheduler.checkers());
        assertThat(Topic.read(Lane.INTERACTIVE.topic()).stream()
                        .filter(job -> job.key().equals(asset.toString())))
                .hasSize(TestScheduler.checkers())
                .allSatisfy(
                        job -> assertThat(Topic.header(job.headers(), "lane")).isEqualTo("interactive"));
    }

    @Test
    void gives_a_slow_checker_its_own_budget() {
        start("omega");

        var job = Topic.read(Lane.INTERACTIVE.topic()).stream()
                .filter(record -> record.key().equals(asset.toString()))
                .findFirst()
                .orElseThrow();
        assertThat(Topic.header(job.headers(), "budget")).isEqualTo("PT4H");
    }

    @Test
    void takes_the_place_of_a_queued_routine_scan() {
        var routine = scheduler.bean(DueScopes.class).claim(100, now, Duration.ofSeconds(30)).stream()
                .map(scan -> scan.job())
                .filter(job -> job.checker().equals("alpha"))
                .findFirst()
                .orElseThrow();

        var scan = start("alpha");

        assertThat(http.get("/v1/scans/" + routine.scanId()).text("state")).isEqualTo("superseded");
        assertThat(http.get("/v1/scans/" + scan).text("state")).isEqualTo("queued");
        assertThat(http.get("/v1/scans/" + scan).text("lane")).isEqualTo("interactive");
        assertThat(sequence(scan)).isEqualTo(routine.sequence() + 1);
    }

    @Test
    void stands_in_for_a_routine_scan_that_is_due() {
        start("alpha");

        var claimed = scheduler.bean(DueScopes.class).claim(100, now.plusSeconds(1), Duration.ofSeconds(30));

        assertThat(claimed)
                .extracting(scan -> scan.job().checker())
                .isNotEmpty()
                .doesNotContain("alpha");
    }

    @Test
    void joins_a_scan_on_demand_that_has_not_begun() {
        var first = start("alpha");

        assertThat(start("alpha")).isEqualTo(first);
    }

    @Test
    void scans_again_when_the_one_before_already_runs() {
        var first = start("alpha");
        scheduler.startAll();

        var second = start("alpha");

        assertThat(second).isNotEqualTo(first);
        assertThat(http.get("/v1/scans/" + first).text("why")).contains("on demand");
    }

    @Test
    void works_while_the_schedule_is_paused() {
        assertThat(http.post("/admin/schedule:pause", "").body().get("paused").asBoolean())
                .isTrue();

        start("alpha");

        assertThat(Topic.read(Lane.INTERACTIVE.topic()).stream()
                        .map(job -> Wire.read(job.value(), ScanJob.class).assetId()))
                .contains(asset);
        assertThat(http.post("/admin/schedule:resume", "").body().get("paused").asBoolean())
                .isFalse();
    }

    @Test
    void scans_a_whole_account_request_by_request() {
        scheduler.assets(account, 1_500, now);
        var body = "{'account_id':'%s','checkers':['alpha']%s}";

        var first = http.post("/v1/scans", body.formatted(account, ""));
        var token = first.text("next_page_token");
        var second = http.post("/v1/scans", body.formatted(account, ",'page_token':'%s'".formatted(token)));

        assertThat(first.body().get("items")).hasSize(1_000);
        assertThat(second.body().get("items")).hasSize(501);
        assertThat(second.body().has("next_page_token")).isFalse();
        assertThat(scheduler
                        .jdbc()
                        .sql("select count(*) from scheduler.standing where scan_lane = 'interactive'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1_501);
    }

    @Test
    void an_order_is_noted_once_with_who_gave_it_and_what_it_starts() {
        scheduler.asset(account, "b.example", now);

        start("alpha");
        http.post("/v1/scans", "{'account_id':'%s','checkers':['omega','alpha']}".formatted(account));

        assertThat(scheduler.audited("asset/" + asset)).singleElement().satisfies(noted -> {
            assertThat(noted.actor()).isEqualTo("tester");
            assertThat(noted.action()).isEqualTo("asset.scan");
            assertThat(noted.after()).isEqualTo(started(1, List.of("alpha"), 1));
        });
        assertThat(scheduler.audited("account/" + account)).singleElement().satisfies(noted -> {
            assertThat(noted.actor()).isEqualTo("tester");
            assertThat(noted.action()).isEqualTo("account.scan");
            // The one that was on order already is none of them.
            assertThat(noted.after()).isEqualTo(started(2, List.of("alpha", "omega"), 3));
        });
    }

    @Test
    void an_order_that_starts_nothing_is_not_noted() {
        start("alpha");
        start("alpha");
        http.post("/v1/scans", "{'account_id':'%s','checkers':['alpha']}".formatted(account));

        assertThat(scheduler.audited("asset/" + asset)).hasSize(1);
        assertThat(scheduler.audited("account/" + account)).isEmpty();
    }

    @Test
    void an_account_orders_no_more_than_its_quota_and_operators_as_many_as_they_like() {
        scheduler.assets(account, 999, now);
        var owner = http.as(Scopes.OPERATOR, account);
        var body = "{'account_id':'%s','checkers':['%s']}";
        for (var checker : List.of("alpha", "omega", "dns", "tls", "http")) {
            assertThat(owner.post("/v1/scans", body.formatted(account, checker)).status())
                    .isEqualTo(202);
        }
        // What is on order already costs nothing.
        assertThat(owner.post("/v1/scans", body.formatted(account, "alpha")).status())
                .isEqualTo(202);
        scheduler.startAll();

        var refused = owner.post("/v1/scans", body.formatted(account, "alpha"));

        assertThat(refused.status()).isEqualTo(429);
        assertThat(scheduler.audited("account/" + account))
                .as("what was refused or started nothing is not noted")
                .hasSize(5);
        assertThat(refused.text("detail"))
                .isEqualTo("This would start 1000 scans on demand, and of its 5000 an hour the account has 0 left."
                        + " There will be enough in PT12M.");
        assertThat(http.post("/v1/scans", body.formatted(account, "alpha")).status())
                .isEqualTo(202);
        scheduler.clock().advance(Duration.ofMinutes(12));
        scheduler.startAll();
        assertThat(owner.post("/v1/scans", body.formatted(account, "alpha")).status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                       | 422 | asset_id: give either",
                "{'asset_id':'A','account_id':'A'}        | 422 | asset_id: give either",
                "{'asset_id':'A','checkers':['nonsense']} | 422 | checkers: must name",
                "{'asset_id':'A','checkers':[]}           | 422 | checkers: must name",
                "{'asset_id':'A','checkers':[null]}       | 422 | checkers: must name",
                "{'asset_id':7}                           | 400 | asset_id",
                "{'asset':'A'}                            | 400 | asset",
                "{'asset_id':'00000000-0000-7000-8000-000000000000'} | 404 | no such asset",
                "{'account_id':'00000000-0000-7000-8000-000000000000'} | 404 | no such account"
            })
    void says_what_is_wrong_with_a_request(String body, int status, String complaint) {
        var answer = http.post("/v1/scans", body.replace("'A'", "'" + asset + "'"));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("detail")).contains(complaint);
    }

    @Test
    void a_token_of_another_account_sees_nothing() {
        var scan = start("alpha");
        var stranger = http.as(Scopes.OPERATOR, scheduler.account("free"));

        assertThat(stranger.get("/v1/scans/" + scan).status()).isEqualTo(404);
        assertThat(stranger.post("/v1/scans", "{'asset_id':'%s'}".formatted(asset))
                        .status())
                .isEqualTo(404);
        assertThat(stranger.post("/v1/scans", "{'account_id':'%s'}".formatted(account))
                        .status())
                .isEqualTo(404);
        assertThat(stranger.get("/admin/schedule").status()).isEqualTo(403);
        assertThat(http.as(Set.of(Scopes.SCANS_READ), null)
                        .post("/v1/scans", "{}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void shows_the_schedule() {
        start("alpha");

        var schedule = http.get("/admin/schedule").body();

        assertThat(schedule.at("/due/scopes").asInt()).isEqualTo(TestScheduler.checkers() - 1);
        assertThat(schedule.at("/due/oldest").asString()).isEqualTo(now.toString());
        assertThat(schedule.at("/open/0/lane").asString()).isEqualTo("interactive");
        assertThat(schedule.at("/open/0/queued").asInt()).isEqualTo(1);
        assertThat(StreamSupport.stream(schedule.get("plans").spliterator(), false)
                        .map(plan -> plan.get("interval").asString()))
                .containsExactly("P7D", "P3D", "P3D", "P1D");
        assertThat(schedule.at("/rate/because").asString()).isEqualTo("floor");
    }

    private Map<String, Object> started(int assets, List<String> checkers, int scans) {
        return Map.of("account", account.toString(), "assets", assets, "checkers", checkers, "scans", scans);
    }

    private String start(String checker) {
        var answer = http.post("/v1/scans", "{'asset_id':'%s','checkers':['%s']}".formatted(asset, checker));
        assertThat(answer.status()).isEqualTo(202);
        return answer.body().at("/items/0/scan_id").asString();
    }

    private long sequence(String scan) {
        return scheduler
                .jdbc()
                .sql("select sequence from scheduler.standing where scan_id = :scan::uuid")
                .param("scan", scan)
                .query(Long.class)
                .single();
    }
}
