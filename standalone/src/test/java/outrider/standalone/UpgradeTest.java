package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.standalone.FleetOfProcesses.CHECKER;
import static outrider.standalone.FleetOfProcesses.INSIGHTS;
import static outrider.standalone.FleetOfProcesses.SCHEDULER;
import static outrider.standalone.FleetOfProcesses.second;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;

/// A fleet of another release becomes one of this release, service by service and under load, and goes back.
/// `make test-upgrade` builds the other release and says where it is. The tests are the chapters of one story.
@Tag("upgrade")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeTest {

    private static final String FROM = "outrider.upgrade.from";
    private static final Path NEW = Path.of("..");
    private static final int ZONES = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// What a service says of records, reports or commits of which it can make nothing.
    private static final Pattern COMPLAINT =
            Pattern.compile("(?i)skipped|unreadable|malformed|cannot be read|dead letter|refused|rejected");

    @TempDir
    static Path home;

    static Path old;
    static Identity expired;
    static Identity mended;
    static LoopbackSite site;
    static LoopbackDns dns;
    static FleetOfProcesses fleet;
    static ScanLoad load;
    static Set<String> known;
    static long events;

    @BeforeAll
    static void start() throws IOException {
        old = Path.of(System.getProperty(FROM));
        var authority = CertificateAuthority.root("Test root", KeyKind.EC_P256);
        mended = authority.issue(Leaf.named("*.shop.test"));
        expired = authority.issue(Leaf.named("*.shop.test").expiredSince(Duration.ofDays(30)));
        site = LoopbackSite.https(0, expired)
                .answer(Behaviour.page("<!doctype html><title>Shop</title>")
                        // Only a certificate that holds lets anybody tell whether it is missing.
                        .with("Strict-Transport-Security", "max-age=31536000"));
        dns = LoopbackDns.start(0);
        var trust = Files.writeString(home.resolve("trust.pem"), authority.pem());
        fleet = new FleetOfProcesses(
                home,
                Map.of(
                        "OUTRIDER_EGRESS_ALLOW", "127.0.0.0/8",
                        "OUTRIDER_DNS_RESOLVER", dns.address(),
                        "OUTRIDER_TRUST", trust.toString(),
                        "OUTRIDER_SCHEDULE_MINPERSECOND", "20",
                        "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs"));
        fleet.release(old);
        fleet.startAll();
    }

    @AfterAll
    static void stop() {
        fleet.close();
        dns.close();
        site.close();
    }

    @Test
    @Order(1)
    void the_old_release_scans_by_itself_and_on_demand() throws SQLException {
        // By itself, one account every minute and the others never again.
        fleet.patch(SCHEDULER, "/admin/plans/enterprise", "{\"interval\":\"PT1M\"}");
        fleet.patch(SCHEDULER, "/admin/plans/pro", "{\"interval\":\"P366D\"}");
        var accounts = List.of(account("one", "PRO"), account("two", "PRO"));
        account("routine", "ENTERPRISE");
        await().atMost(PATIENCE)
                .until(() -> fleet.number("select count(*) from scheduler.standing where reported_at is null") == 0);
        // What is found twice is confirmed.
        await().atMost(PATIENCE)
                .until(() ->
                        fleet.number("select count(*) from scheduler.standing where sequence < 2") == 2 * ZONES * 3);
        load = new ScanLoad(fleet, accounts, SCHEDULER);
        load.goesOn();

        remember();

        assertThat(known).hasSizeGreaterThanOrEqualTo(3 * ZONES * 3);
    }

    @Test
    @Order(2)
    void the_insights_api_is_upgraded() throws Exception {
        replace(INSIGHTS, old, NEW);
    }

    @Test
    @Order(3)
    void the_scheduler_is_upgraded() throws Exception {
        replace(SCHEDULER, old, NEW);
    }

    @Test
    @Order(4)
    void the_checkers_are_upgraded() throws Exception {
        replace(CHECKER, old, NEW);
    }

    @Test
    @Order(5)
    void the_new_release_resolves_what_the_old_one_has_opened_and_nothing_else() throws SQLException {
        turns(mended, "open", "resolved");
    }

    @Test
    @Order(6)
    void the_checkers_go_back() throws Exception {
        replace(CHECKER, NEW, old);
        turns(expired, "resolved", "open");
    }

    @Test
    @Order(7)
    void all_go_back_and_the_schema_stays() throws Exception {
        replace(SCHEDULER, NEW, old);
        replace(INSIGHTS, NEW, old);
        turns(mended, "open", "resolved");
    }

    @Test
    @Order(8)
    void each_scan_was_published_once_and_reported() throws Exception {
        var ordered = load.end();
        fleet.post(SCHEDULER, "/admin/schedule:pause", "");
        await().atMost(PATIENCE)
                .until(() -> fleet.number("select count(*) from scheduler.standing where scan_id is not null") == 0);

        var published = new ArrayList<UUID>();
        for (var lane : Lane.values()) {
            records(lane.topic(), ScanJob.class).forEach(job -> published.add(job.scanId()));
        }
        var ends = records(Topics.OUTCOMES, ScanOutcome.class).stream()
                .filter(outcome -> outcome.kind().closes())
                .toList();
        System.out.printf(
                "%d scans on demand and %d by routine; %d were run again%n",
                ordered.size(), published.size() - ordered.size(), ends.size() - published.size());
        assertThat(published).doesNotHaveDuplicates().hasSizeGreaterThan(ordered.size() + 3 * ZONES);
        assertThat(published).extracting(UUID::toString).containsAll(ordered);
        assertThat(ends).extracting(ScanOutcome::kind).containsOnly(ScanOutcome.Kind.REPORTED);
        assertThat(ends.stream().map(ScanOutcome::scanId).distinct()).containsExactlyInAnyOrderElementsOf(published);
        assertThat(records(Topics.DEAD, ScanJob.class)).isEmpty();
        assertThat(fleet.number("""
                        select count(*)
                          from scheduler.standing s
                          left join insights.scope i using (account_id, asset_id, checker)
                         where (s.sequence, s.last_scan_id, s.last_outcome)
                               is distinct from (i.last_seq, i.last_scan_id, 'reported')
                        """)).as("scopes on which the services differ").isZero();
    }

    @Test
    @Order(9)
    void no_log_tells_of_anything_that_could_not_be_read() {
        assertThat(Stream.of(SCHEDULER, INSIGHTS, CHECKER)
                        .flatMap(service -> Stream.of(service, second(service)))
                        .flatMap(replica -> fleet.logged(replica).stream())
                        .filter(line -> !line.at("/log/level").asString("").equals("INFO"))
                        .filter(line -> COMPLAINT
                                .matcher(line.at("/message").asString(""))
                                .find()))
                .isEmpty();
    }

    /// Puts another release of a service in the place of one: the new one beside the old, which is restarted
    /// there, then alone. All the while scans go on, and what is known stays as it is.
    private static void replace(String service, Path release, Path other) throws Exception {
        fleet.release(other);
        fleet.start(second(service), Map.of());
        ask(service, service, second(service));
        load.goesOn();

        ask(service, second(service));
        assertThat(fleet.stop(service)).isTrue();
        fleet.release(release);
        fleet.start(service, Map.of());
        ask(service, service, second(service));
        load.goesOn();
        nothingHasChanged(service.equals(INSIGHTS) ? second(service) : INSIGHTS);

        ask(service, second(service));
        assertThat(fleet.stop(service)).isTrue();
        fleet.release(other);
        fleet.start(service, Map.of());
        ask(service, service);
        assertThat(fleet.stop(second(service))).isTrue();
        load.goesOn();
        nothingHasChanged(INSIGHTS);
    }

    private static void ask(String service, String... replicas) {
        if (service.equals(SCHEDULER)) {
            load.ask(replicas);
        }
    }

    /// The sites have another certificate, and with it the state of that one problem of each changes.
    private static void turns(Identity identity, String before, String after) throws SQLException {
        var expected = known.stream()
                .map(insight -> insight.replace("tls.cert-expiry " + before, "tls.cert-expiry " + after))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(expected).isNotEqualTo(known);
        site.identity(identity);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(insights(INSIGHTS)).isEqualTo(expected));
        load.goesOn();
        assertThat(insights(INSIGHTS)).isEqualTo(expected);
        assertThat(events()).isEqualTo(events + 3 * ZONES);
        remember();
    }

    private static void remember() throws SQLException {
        known = insights(INSIGHTS);
        events = events();
    }

    private static void nothingHasChanged(String api) throws SQLException {
        assertThat(insights(api)).isEqualTo(known);
        assertThat(events()).isEqualTo(events);
    }

    private static Set<String> insights(String api) {
        return fleet.items(api, "/v1/insights?limit=200&state=open&state=suspected&state=resolved").stream()
                .map(insight -> insight.get("id").asString() + " "
                        + insight.get("check").asString() + " "
                        + insight.get("state").asString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// How many changes of insights there have been.
    private static long events() throws SQLException {
        return fleet.number("select count(*) from insights.insight_event");
    }

    private static <T> List<T> records(String topic, Class<T> type) {
        return TopicRecords.of(fleet.bootstrapServers(), topic, type);
    }

    /// An account with its zones.
    private static String account(String name, String plan) {
        var account = fleet.account(SCHEDULER, name, plan);
        var zones = IntStream.range(0, ZONES)
                .mapToObj(number -> "%s-%d.shop.test".formatted(name, number))
                .toList();
        zones.forEach(zone -> dns.zone(zone, "@ 300 IN A 127.0.0.1\n@ 300 IN MX 10 mail." + zone + ".\n"));
        fleet.post(
                SCHEDULER,
                "/v1/accounts/" + account + "/assets:import",
                "text/csv",
                zones.stream()
                        .map(zone -> "zone,%s,%s\n".formatted(zone, site.url(zone)))
                        .collect(Collectors.joining("", "kind,name,endpoints\n", "")));
        return account;
    }
}
