package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.standalone.FleetOfProcesses.CHECKER;
import static outrider.standalone.FleetOfProcesses.INSIGHTS;
import static outrider.standalone.FleetOfProcesses.SCHEDULER;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.PrimaryAndStandby;
import outrider.embedded.site.LoopbackDns;

/// Each part of the fleet dies with scans under way. Every scan ordered is reported all the same, and what is known
/// is what was known before: nothing is lost, nothing is doubled.
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetFailuresTest {

    private static final int ZONES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    static Path home;

    static LoopbackDns dns;
    static PrimaryAndStandby databases;
    static EmbeddedDatabase primary;
    static FleetOfProcesses fleet;
    static String account;
    static Set<String> known;
    static long events;

    @BeforeAll
    static void start() throws IOException {
        dns = LoopbackDns.start(0);
        zones().forEach(name -> dns.zone(name, "@ 300 IN A 127.0.0.1\n@ 300 IN MX 10 mail." + name + ".\n"));
        // What a service has been told is committed is on the standby too.
        databases =
                new PrimaryAndStandby(home.resolve("pg"), "fleet", _ -> {}, Map.of("synchronous_standby_names", "*"));
        primary = databases.primary();
        fleet = new FleetOfProcesses(
                home,
                EmbeddedBroker.start(home.resolve("kafka"), 0),
                primary,
                Map.of(
                        "SPRING_DATASOURCE_URL", databases.url(),
                        "OUTRIDER_EGRESS_ALLOW", "127.0.0.0/8",
                        "OUTRIDER_DNS_RESOLVER", dns.address()));
        fleet.startAll();
        fleet.post(SCHEDULER, "/admin/schedule:pause", "");
        account = fleet.account(SCHEDULER, "Shop", "PRO");
        fleet.post(
                SCHEDULER,
                "/v1/accounts/" + account + "/assets:import",
                "text/csv",
                "kind,name,endpoints\n"
                        + String.join(
                                "",
                                zones().stream().map("zone,%s,\n"::formatted).toList()));
        // What is found twice is confirmed.
        fleet.awaitReported(SCHEDULER, order(), PATIENCE);
        fleet.awaitReported(SCHEDULER, order(), PATIENCE);
        known = insights();
        events = events();
        assertThat(known).hasSizeGreaterThanOrEqualTo(2 * ZONES);
    }

    @AfterAll
    static void stop() {
        fleet.close();
        databases.close();
        dns.close();
    }

    @Test
    @Order(1)
    void the_checker_is_killed() throws Exception {
        var scans = order();
        fleet.kill(CHECKER);
        fleet.start(CHECKER, Map.of());
        nothingIsLostOrDoubled(scans);
    }

    @Test
    @Order(2)
    void the_insights_api_is_killed() throws Exception {
        var scans = order();
        fleet.kill(INSIGHTS);
        fleet.start(INSIGHTS, Map.of());
        nothingIsLostOrDoubled(scans);
    }

    @Test
    @Order(3)
    void the_scheduler_is_killed() throws Exception {
        var scans = order();
        fleet.kill(SCHEDULER);
        fleet.start(SCHEDULER, Map.of());
        nothingIsLostOrDoubled(scans);
    }

    @Test
    @Order(4)
    void kafka_is_restarted() {
        var scans = order();
        fleet.restartBroker();
        nothingIsLostOrDoubled(scans);
    }

    @Test
    @Order(5)
    void the_primary_is_killed_and_its_standby_takes_over() {
        var scans = order();
        databases.failOver();
        primary = databases.standby();
        nothingIsLostOrDoubled(scans);
    }

    @Test
    @Order(6)
    void all_services_are_killed_at_once() throws Exception {
        var scans = order();
        for (var service : List.of(SCHEDULER, CHECKER, INSIGHTS)) {
            fleet.kill(service);
        }
        fleet.startAll();
        nothingIsLostOrDoubled(scans);
    }

    private static void nothingIsLostOrDoubled(List<String> scans) {
        fleet.awaitReported(SCHEDULER, scans, PATIENCE);
        assertThat(insights()).isEqualTo(known);
        assertThat(events()).isEqualTo(events);
    }

    /// A scan of every zone, ordered now.
    private static List<String> order() {
        var scans = fleet.order(SCHEDULER, "{\"account_id\":\"%s\",\"checkers\":[\"dns\"]}".formatted(account));
        assertThat(scans).hasSize(ZONES);
        return scans;
    }

    private static Set<String> insights() {
        var path = "/v1/insights?limit=500&state=open&state=suspected&state=resolved&account_id=" + account;
        return fleet.items(INSIGHTS, path).stream()
                .map(insight -> insight.get("id").asString() + " "
                        + insight.get("check").asString() + " "
                        + insight.get("state").asString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// How many changes of insights there have been.
    private static long events() {
        return Long.parseLong(databases.ask(
                primary, "select count(*) from insights.insight_event where account_id = '%s'".formatted(account)));
    }

    private static List<String> zones() {
        return IntStream.range(0, ZONES).mapToObj("z%d.test"::formatted).toList();
    }
}
