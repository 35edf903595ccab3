package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.standalone.FleetOfProcesses.CHECKER;
import static outrider.standalone.FleetOfProcesses.INSIGHTS;
import static outrider.standalone.FleetOfProcesses.SCHEDULER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import tools.jackson.databind.JsonNode;

/// The whole vertical with each service as a process of its own, one of them killed on the way. The tests are the
/// chapters of one story.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetOfProcessesTest {

    private static final String NAME = "shop.test";
    private static final Pattern MANY = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-|[.]test|Shop|Many");

    @TempDir
    static Path home;

    static CertificateAuthority authority;
    static LoopbackSite site;
    static LoopbackDns dns;
    static Collector collector;
    static FleetOfProcesses fleet;
    static String asset;

    @BeforeAll
    static void start() throws IOException {
        authority = CertificateAuthority.root("Test root", KeyKind.EC_P256);
        site = LoopbackSite.https(0, authority.issue(Leaf.named(NAME).expiredSince(Duration.ofDays(30))))
                .answer(Behaviour.page("<!doctype html><title>Shop</title>")
                        .with("Strict-Transport-Security", "max-age=31536000")
                        .with("Server-Timing", "db;dur=53"));
        dns = LoopbackDns.start(0).zone(NAME, "@ 300 IN A 127.0.0.1\n@ 300 IN MX 10 mail." + NAME + ".\n");
        collector = new Collector();
        var trust = Files.writeString(home.resolve("trust.pem"), authority.pem());
        fleet = new FleetOfProcesses(
                home,
                Map.of(
                        "OUTRIDER_EGRESS_ALLOW", "127.0.0.0/8",
                        "OUTRIDER_DNS_RESOLVER", dns.address(),
                        "OUTRIDER_TRUST", trust.toString(),
                        "OUTRIDER_CHECKS_JARS", "../examples/check/target",
                        "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT", collector.url(),
                        "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_SCHEDULE_DELAY", "100ms",
                        "MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "1",
                        "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs",
                        "LOGGING_LEVEL_OUTRIDER_CHECKER_SCAN", "debug"));
        fleet.startAll();
    }

    @AfterAll
    static void stop() {
        fleet.close();
        collector.close();
        dns.close();
        site.close();
    }

    @Test
    @Order(1)
    void finds_what_is_wrong_and_says_what_it_could_not_tell() {
        add("Shop", NAME);

        scan();

        assertThat(open())
                .contains("tls.cert-expiry", "dns.spf", "dns.dmarc")
                .doesNotContain("tls.hostname", "tls.chain");
        await().untilAsserted(() -> assertThat(
                        insight("tls.cert-expiry").path("asset_name").asString(""))
                .isEqualTo(NAME));
        assertThat(coverage("tls.hostname").get("state").asString()).isEqualTo("PASS");
    }

    @Test
    @Order(2)
    void a_check_from_a_jar_of_its_own_is_run_and_shown_like_any_other() {
        var id = insight("http.server-timing").get("id").asString();

        assertThat(fleet.get(INSIGHTS, "/v1/insights/" + id).get("remediation").asString())
                .contains("proxy_hide_header Server-Timing");
        assertThat(fleet.items(CHECKER, "/v1/checks"))
                .extracting(check -> check.get("id").asString())
                .contains("http.server-timing", "http.hsts");
    }

    @Test
    @Order(3)
    void a_checker_killed_between_report_and_commit_doubles_nothing() throws Exception {
        var before = all();
        var scans = scan();

        fleet.kill(CHECKER);
        fleet.start(CHECKER, Map.of());
        var after = scan();

        assertThat(all()).isEqualTo(before);
        assertThat(scans).doesNotContainAnyElementsOf(after);
        assertThat(insights("limit=200"))
                .allSatisfy(insight -> assertThat(history(insight)).hasSize(1));
    }

    @Test
    @Order(4)
    void what_is_mended_is_resolved_and_nothing_else() {
        var before = open();
        site.identity(authority.issue(Leaf.named(NAME)));

        scan();

        assertThat(before).contains("tls.cert-expiry");
        assertThat(open())
                .isEqualTo(before.stream()
                        .filter(check -> !check.equals("tls.cert-expiry"))
                        .toList());
        var mended = insights("state=resolved");
        assertThat(mended).hasSize(1);
        assertThat(history(mended.getFirst())).hasSize(2);
    }

    @Test
    @Order(5)
    void a_site_that_does_not_answer_opens_nothing_and_closes_nothing() {
        var before = all();
        site.connect(LoopbackSite.Connect.RESET);

        scan();

        assertThat(all()).isEqualTo(before);
        assertThat(coverage("tls.cert-expiry").get("state").asString()).isEqualTo("ERROR");
        assertThat(coverage("tls.cert-expiry").get("why").asString()).isNotBlank();
    }

    @Test
    @Order(6)
    void one_trace_leads_from_the_request_through_kafka_into_the_database() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        fleet.within("00-" + trace + "-00f067aa0ba902b7-01");

        var scans = scan();

        await().untilAsserted(() -> assertThat(collector.ways(trace, "insights.apply_reports"))
                .hasSize(scans.size())
                .containsOnly("scheduler-service: http post /v1/scans, scheduler-service: scan publish,"
                        + " checker-service: scan process, insights-api: scan ingest,"
                        + " insights-api: insights.apply_reports"));
        await().untilAsserted(() -> assertThat(fleet.logged(CHECKER))
                .filteredOn(line -> line.path("traceId").asString("").equals(trace))
                .extracting(line -> line.path("scanId").asString(""))
                .containsAll(scans));
    }

    @Test
    @Order(7)
    void one_answer_tells_how_the_whole_fleet_does() {
        // Who asks a fleet that has just begun may be answered late by one of it, which is then told as trouble.
        var overview = await().until(
                        () -> fleet.get(INSIGHTS, "/admin/overview"),
                        answer -> answer.at("/trouble").values().isEmpty());

        assertThat(overview.at("/schedule/plans").values()).isNotEmpty();
        assertThat(overview.at("/lanes").values()).hasSize(3).allSatisfy(lane -> {
            assertThat(lane.at("/state").asString()).isEqualTo("running");
            assertThat(lane.at("/replicas").values()).hasSize(1);
            assertThat(lane.at("/permits").asInt()).isPositive();
        });
        assertThat(overview.at("/ingest/writes").asLong()).isPositive();
        assertThat(overview.at("/dead_letters/waiting").asLong()).isZero();
        assertThat(overview.at("/database/primary").asString()).isEqualTo("near");
    }

    @Test
    @Order(8)
    void what_alerts_and_dashboards_ask_for_is_measured() {
        var measured = scrapes().flatMap(scrape -> scrape.names().stream()).collect(Collectors.toSet());

        assertThat(measured).containsAll(Observability.metrics());
    }

    @Test
    @Order(9)
    void histograms_lead_to_the_traces_of_what_they_count() {
        var traces = Stream.of(
                        fleet.scrape(INSIGHTS).traces("outrider_ingest_step_seconds_bucket"),
                        fleet.scrape(CHECKER).traces("lane_job_duration_seconds_bucket"))
                .toList();

        await().untilAsserted(() -> assertThat(traces)
                .allSatisfy(led -> assertThat(led)
                        .isNotEmpty()
                        .isSubsetOf(collector.spans().stream()
                                .map(Collector.Seen::trace)
                                .collect(Collectors.toSet()))));
    }

    @Test
    @Order(10)
    void no_meter_is_labelled_with_what_there_are_many_of() {
        for (var i = 0; i < 5; i++) {
            add("Many %d".formatted(i), "many-%d.test".formatted(i));
            scan();
        }

        var labels = scrapes().flatMap(scrape -> scrape.labels().stream()).toList();

        assertThat(labels).isNotEmpty().noneMatch(MANY.asPredicate());
    }

    @Test
    @Order(11)
    void each_service_ends_by_itself_when_asked() throws Exception {
        for (var service : List.of(SCHEDULER, CHECKER, INSIGHTS)) {
            assertThat(fleet.stop(service)).as(service).isTrue();
        }
    }

    /// Scans the asset now, waits until every checker's report is in, and returns the scan ids.
    private static List<String> scan() {
        return fleet.scan(asset);
    }

    private static Stream<Scrape> scrapes() {
        return Stream.of(SCHEDULER, CHECKER, INSIGHTS).map(fleet::scrape);
    }

    private static void add(String accountName, String zone) {
        var account = fleet.account(SCHEDULER, accountName, "PRO");
        asset = fleet.post(
                        SCHEDULER,
                        "/v1/accounts/" + account + "/assets",
                        "{\"kind\":\"ZONE\",\"name\":\"%s\",\"endpoints\":[\"%s\"]}".formatted(zone, site.url(zone)))
                .get("id")
                .asString();
    }

    private static List<String> open() {
        return insights("state=open").stream()
                .map(insight -> insight.get("check").asString())
                .sorted()
                .toList();
    }

    private static List<String> all() {
        return insights("state=open&state=suspected&state=resolved").stream()
                .map(insight ->
                        insight.get("id").asString() + insight.get("state").asString())
                .sorted()
                .toList();
    }

    private static JsonNode insight(String check) {
        return insights("check=" + check).getFirst();
    }

    private static List<JsonNode> insights(String filter) {
        return fleet.items(INSIGHTS, "/v1/insights?%s&asset_id=%s".formatted(filter, asset));
    }

    private static List<JsonNode> history(JsonNode insight) {
        return fleet.items(
                INSIGHTS, "/v1/insights/%s/history".formatted(insight.get("id").asString()));
    }

    private static JsonNode coverage(String check) {
        return fleet.items(INSIGHTS, "/v1/coverage?asset_id=" + asset).stream()
                .filter(line -> line.get("check").asString().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
