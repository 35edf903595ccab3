package outrider.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

/// The fleet in containers as `make up` starts it: it scans, grows, loses a container, is upgraded under load
/// and has its database restored, and nothing is lost. `make test-containers` builds the images before. The
/// tests are the chapters of one story.
@Tag("containers")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposedFleetTest {

    private static final int ASSETS = 100;
    private static final Duration SOON = Duration.ofMinutes(5);

    static ComposedFleet fleet;
    static String account;

    @BeforeAll
    static void start() {
        fleet = new ComposedFleet();
    }

    @AfterAll
    static void stop() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    @Order(1)
    void scans_what_it_is_given() {
        account = fleet.account("scheduler", "Shop", "PRO");
        var assets = IntStream.range(0, ASSETS)
                .mapToObj("HOST,a%d.shop.test,https://a%<d.shop.test\n"::formatted)
                .collect(Collectors.joining("", "kind,name,endpoints\n", ""));
        fleet.post("scheduler", "/v1/accounts/" + account + "/assets:import", "text/csv", assets);

        allOf(order());

        untrusted();
    }

    @Test
    @Order(2)
    void grows_and_loses_no_scan_with_a_container_that_is_killed() {
        fleet.up("--scale", "checker-fast=3", "--no-recreate");
        assertThat(fleet.containers("checker-fast")).hasSize(3);
        var scans = order();
        await().atMost(SOON).until(() -> begun(scans));

        ComposedFleet.run(
                "docker",
                "kill",
                "--signal",
                "KILL",
                fleet.containers("checker-fast").getFirst());
        assertThat(scans).as("killed under load").anyMatch(scan -> !reported(scan));

        allOf(scans);
        untrusted();
    }

    @Test
    @Order(3)
    void an_upgrade_in_place_loses_no_scan() {
        var before = fleet.containers("insights-api");
        var scans = order();
        await().atMost(SOON).until(() -> begun(scans));

        fleet.up("--force-recreate", "--no-deps", "insights-api");

        assertThat(fleet.containers("insights-api")).hasSize(1).isNotEqualTo(before);
        allOf(scans);
        untrusted();
        assertThat(fleet.items("checker-slow", "/admin/dead-letters")).isEmpty();
    }

    @Test
    @Order(4)
    void a_checker_that_is_told_to_stop_ends_by_itself_and_in_time() {
        var checker = fleet.containers("checker-slow").getFirst();

        fleet.compose("stop", "checker-slow");

        // 143: ended by SIGTERM, in order; 137 would be the engine's patience at its end.
        assertThat(ComposedFleet.run("docker", "inspect", "--format", "{{.State.ExitCode}}", checker))
                .isEqualTo("143\n");
    }

    @Test
    @Order(5)
    void a_lost_database_is_restored_by_the_commands_of_the_guide(@TempDir Path directory) {
        fleet.up();
        var guide = new RestoreGuide(directory);
        guide.backUp();
        var late = fleet.account("scheduler", "Late", "FREE");
        allOf(order());

        guide.restore();
        fleet.up();

        assertThat(fleet.get("scheduler", "/v1/accounts/" + late).get("name").asString())
                .isEqualTo("Late");
        allOf(order());
        untrusted();
    }

    /// A scan of every asset by every checker, now.
    private static List<String> order() {
        var scans = fleet.order("scheduler", "{\"account_id\":\"%s\"}".formatted(account));
        assertThat(scans).hasSizeGreaterThanOrEqualTo(3 * ASSETS).doesNotHaveDuplicates();
        return scans;
    }

    /// Whether any of the scans has ended.
    private static boolean begun(List<String> scans) {
        return scans.stream().anyMatch(ComposedFleetTest::reported);
    }

    private static void allOf(List<String> scans) {
        fleet.awaitReported("scheduler", scans, SOON);
    }

    private static boolean reported(String scan) {
        return fleet.isReported("scheduler", scan);
    }

    /// Each asset has the one insight that its certificate is worth, neither none nor two.
    private static void untrusted() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                fleet.items("insights-api", "/v1/insights?check=tls.chain&state=open&limit=200"))
                        .extracting(insight -> insight.get("asset_id").asString())
                        .hasSize(ASSETS)
                        .doesNotHaveDuplicates());
    }
}
