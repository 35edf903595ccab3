package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.standalone.FleetOfProcesses.CHECKER;
import static outrider.standalone.FleetOfProcesses.INSIGHTS;
import static outrider.standalone.FleetOfProcesses.SCHEDULER;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.site.LoopbackDns;

/// The layout of the published design: both lanes read one topic, and each settles the other's jobs without
/// running them. One setting, read by the scheduler and the checkers alike.
class SharedTopicTest {

    private static final int ZONES = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    static Path home;

    static LoopbackDns dns;
    static FleetOfProcesses fleet;

    @BeforeAll
    static void start() throws IOException {
        dns = LoopbackDns.start(0);
        var zones = IntStream.range(0, ZONES).mapToObj("z%d.test"::formatted).toList();
        zones.forEach(name -> dns.zone(name, "@ 300 IN A 127.0.0.1\n"));
        fleet = new FleetOfProcesses(
                home,
                EmbeddedBroker.start(home.resolve("kafka"), 0),
                EmbeddedDatabase.temporary(),
                Map.of(
                        "OUTRIDER_EGRESS_ALLOW", "127.0.0.0/8",
                        "OUTRIDER_DNS_RESOLVER", dns.address(),
                        "OUTRIDER_LANES_SLOW_TOPICS", "scan-jobs.fast",
                        "OUTRIDER_SCHEDULE_SLOW_RECORDS", "1"));
        fleet.start(SCHEDULER, Map.of());
        fleet.start(INSIGHTS, Map.of());
        fleet.start(CHECKER, Map.of());
        var account = fleet.account(SCHEDULER, "Shop", "ENTERPRISE");
        fleet.post(
                SCHEDULER,
                "/v1/accounts/" + account + "/assets:import",
                "text/csv",
                zones.stream()
                        .map("zone,%s,\n"::formatted)
                        .collect(Collectors.joining("", "kind,name,endpoints\n", "")));
    }

    @AfterAll
    static void stop() {
        fleet.close();
        dns.close();
    }

    @Test
    void slow_scans_lie_in_the_common_topic_are_run_by_the_slow_lane_and_end() throws SQLException {
        await().atMost(PATIENCE).until(() -> unreported() == 0);
        assertThat(lanes()).containsExactly("fast");

        fleet.run("update scheduler.asset set records = 2");
        fleet.run("update scheduler.scope set next_due = now()");

        await().atMost(PATIENCE).until(() -> lanes().equals(Set.of("slow")) && unreported() == 0);
        assertThat(fleet.number("select count(*) from scheduler.scope where last_outcome <> 'reported'"))
                .isZero();
        await().atMost(PATIENCE).until(() -> fleet.number("select count(*) from scheduler.open_scan") == 0);
        await().atMost(PATIENCE)
                .until(() -> fleet.get(CHECKER, "/admin/lanes").toString().contains("\"backlog\":0"));
        assertThat(fleet.get(CHECKER, "/admin/dead-letters:count").toString()).doesNotContainPattern("[1-9]");
    }

    private static Set<String> lanes() throws SQLException {
        return Set.copyOf(fleet.texts("select distinct last_lane from scheduler.scope where last_lane is not null"));
    }

    private static long unreported() throws SQLException {
        return fleet.number("select count(*) from scheduler.scope where reported_at is null or scan_id is not null");
    }
}
