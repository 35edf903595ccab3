package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.standalone.FleetOfProcesses.CHECKER;
import static outrider.standalone.FleetOfProcesses.INSIGHTS;
import static outrider.standalone.FleetOfProcesses.SCHEDULER;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import outrider.embedded.DelayingProxy;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.site.LoopbackDns;

/// The insights API in two regions, 60 ms from each other, and one primary that moves between them while scans
/// go on. The tests are the chapters of one story.
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetRegionsTest {

    private static final String EAST = INSIGHTS;
    private static final String WEST = FleetOfProcesses.second(INSIGHTS);
    private static final int ZONES = 50;

    @TempDir
    static Path home;

    static LoopbackDns dns;
    static DelayingProxy fromEast;
    static DelayingProxy fromWest;
    static FleetOfProcesses fleet;
    static ScanLoad load;

    @BeforeAll
    static void start() throws IOException {
        dns = LoopbackDns.start(0);
        var zones = IntStream.range(0, ZONES).mapToObj("z%d.test"::formatted).toList();
        zones.forEach(name -> dns.zone(name, "@ 300 IN A 127.0.0.1\n"));
        var database = EmbeddedDatabase.temporary();
        fromEast = DelayingProxy.to(database.port(), Duration.ZERO);
        fromWest = DelayingProxy.to(database.port(), Duration.ZERO);
        fleet = new FleetOfProcesses(
                home,
                EmbeddedBroker.start(home.resolve("kafka"), 0),
                database,
                Map.of(
                        "OUTRIDER_EGRESS_ALLOW", "127.0.0.0/8",
                        "OUTRIDER_DNS_RESOLVER", dns.address(),
                        "OUTRIDER_DATABASE_PRIMARY_INTERVAL", "200ms"));
        fleet.start(SCHEDULER, Map.of());
        startApi(EAST, database, fromEast);
        startApi(WEST, database, fromWest);
        fleet.start(
                CHECKER,
                Map.of(
                        "OUTRIDER_INSIGHTS_URL",
                        fleet.url(EAST) + "," + fleet.url(WEST),
                        "OUTRIDER_INSIGHTS_PASSOVER",
                        "2s"));
        fleet.post(SCHEDULER, "/admin/schedule:pause", "");
        var account = fleet.account(SCHEDULER, "Shop", "PRO");
        fleet.post(
                SCHEDULER,
                "/v1/accounts/" + account + "/assets:import",
                "text/csv",
                zones.stream()
                        .map("zone,%s,\n"::formatted)
                        .collect(Collectors.joining("", "kind,name,endpoints\n", "")));
        primaryIsIn(EAST);
        load = new ScanLoad(fleet, List.of(account), SCHEDULER);
    }

    @AfterAll
    static void stop() {
        fleet.close();
        fromEast.close();
        fromWest.close();
        dns.close();
    }

    @Test
    @Order(1)
    void reports_go_to_the_region_of_the_primary() {
        load.goesOn();
        assertThat(inUse(EAST)).isTrue();
        assertThat(inUse(WEST)).isFalse();
    }

    @Test
    @Order(2)
    void they_follow_it_to_another_region() {
        primaryIsIn(WEST);
        await().until(() -> inUse(WEST));
        load.goesOn();
    }

    @Test
    @Order(3)
    void with_the_region_of_the_primary_gone_they_go_the_long_way() throws Exception {
        fleet.kill(WEST);
        await().until(() -> inUse(EAST));
        load.goesOn();
    }

    @Test
    @Order(4)
    void they_are_back_when_the_primary_is() throws Exception {
        primaryIsIn(EAST);
        load.goesOn();

        var scans = load.end();

        assertThat(inUse(EAST)).isTrue();
        assertThat(scans).hasSizeGreaterThan(8 * ZONES).doesNotHaveDuplicates(); // and each was reported
        assertThat(fleet.get(CHECKER, "/admin/dead-letters:count").toString()).doesNotContainPattern("[1-9]");
    }

    private static void startApi(String region, EmbeddedDatabase database, DelayingProxy way) {
        var direct = database.jdbcUrl("fleet");
        fleet.start(region, Map.of("SPRING_DATASOURCE_URL", direct.replace(":" + database.port(), ":" + way.port())));
    }

    /// The other region is 30 ms away then, and not ready.
    private static void primaryIsIn(String region) {
        var east = region.equals(EAST);
        fromEast.delay(east ? Duration.ZERO : Duration.ofMillis(30));
        fromWest.delay(east ? Duration.ofMillis(30) : Duration.ZERO);
        await().atMost(Duration.ofSeconds(30)).until(() -> fleet.isReady(region));
    }

    private static boolean inUse(String region) {
        var sample = "outrider_report_region_in_use{url=\"%s\"} 1".formatted(fleet.url(region));
        return fleet.scrape(CHECKER).samples().stream().anyMatch(line -> line.startsWith(sample));
    }
}
