package outrider.insights.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.insights.ingest.TestReport;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;

/// An asset changes while scans of it are on their way.
class RevisionTest {

    private static final String PAGE = "https://a.example";
    private static final String ADMIN = "https://a.example:8443";

    private final InventoryDoor inventory = new InventoryDoor(TestInsights.SOURCE);
    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();

    @BeforeAll
    static void start() {
        TestApi.token(null);
    }

    @Test
    void a_scan_from_before_an_endpoint_was_removed_opens_nothing_again() {
        tell(1, "a.example", PAGE, ADMIN);
        assertThat(report(1, 1, PAGE, ADMIN)).isEqualTo("applied");

        tell(2, "a.example", PAGE);

        assertThat(report(2, 1, PAGE, ADMIN)).isEqualTo("superseded");
        assertThat(report(3, 2, PAGE)).isEqualTo("unchanged");
        assertThat(states()).containsEntry(PAGE, "open").containsEntry(ADMIN, "resolved removed");
    }

    @Test
    void a_rename_closes_what_was_about_the_old_name_and_leaves_the_endpoints_that_stay() {
        tell(1, "a.example", ADMIN);
        report(1, 1, "a.example", "mx.provider.example", ADMIN);

        tell(2, "b.example", ADMIN);

        assertThat(states())
                .containsEntry("a.example", "resolved removed")
                .containsEntry("mx.provider.example", "resolved removed")
                .containsEntry(ADMIN, "open");
        assertThat(report(2, 2, "b.example", "mx.provider.example", ADMIN)).isEqualTo("applied");
        assertThat(states()).containsEntry("mx.provider.example", "open").containsEntry("b.example", "open");
    }

    @Test
    void a_report_that_comes_before_the_news_of_its_revision_is_taken_and_stays() {
        tell(1, "a.example");
        report(1, 1, "a.example", "mx.provider.example");

        assertThat(report(2, 2, "b.example", "mx.provider.example")).isEqualTo("applied");
        assertThat(report(3, 1, "a.example")).isEqualTo("superseded");
        tell(2, "b.example");

        assertThat(states())
                .containsEntry("a.example", "resolved removed")
                .containsEntry("b.example", "open")
                .containsEntry("mx.provider.example", "open");
    }

    @Test
    void a_change_of_records_alone_supersedes_the_scans_before_it_and_closes_nothing() {
        tell(1, "a.example");
        report(1, 1, "a.example");

        tell(2, "a.example");

        assertThat(report(2, 1)).isEqualTo("superseded");
        assertThat(states()).containsEntry("a.example", "open");
        assertThat(report(3, 2, "a.example")).isEqualTo("unchanged");
    }

    @Test
    void an_older_record_that_comes_again_changes_nothing() {
        tell(1, "a.example", PAGE);
        tell(2, "b.example", ADMIN);
        report(1, 2, "b.example", ADMIN);

        tell(1, "a.example", PAGE);

        assertThat(states()).containsEntry("b.example", "open").containsEntry(ADMIN, "open");
        assertThat(report(2, 2, "b.example", ADMIN)).isEqualTo("unchanged");
    }

    @Test
    void the_first_report_of_a_scope_is_held_to_what_is_known_of_its_asset() {
        tell(2, "b.example");

        assertThat(report(1, 1, "a.example")).isEqualTo("superseded");
        assertThat(states()).isEmpty();
        assertThat(report(2, 2, "b.example")).isEqualTo("applied");
    }

    @Test
    void a_checker_of_the_release_before_is_taken_at_its_word() {
        tell(2, "a.example");

        assertThat(report(1, null, "a.example")).isEqualTo("applied");
    }

    @Test
    void a_deletion_that_is_taken_back_opens_the_scopes_again() {
        tell(1, "a.example");
        report(1, 1, "a.example");
        inventory.take(record(2, "a.example", true));
        inventory.follow(account);
        assertThat(report(2, 1, "a.example")).isEqualTo("superseded");

        tell(3, "a.example");

        assertThat(report(3, 3, "a.example")).isEqualTo("applied");
        assertThat(states()).containsEntry("a.example", "open");
    }

    private void tell(long revision, String name, String... endpoints) {
        inventory.take(record(revision, name, false, endpoints));
        inventory.follow(account);
    }

    private InventoryRecord.Asset record(long revision, String name, boolean deleted, String... endpoints) {
        var parsed = List.of(endpoints).stream().map(Endpoint::of).toList();
        return new InventoryRecord.Asset(asset, account, AssetKind.HOST, name, parsed, deleted, revision);
    }

    /// A scan that finds lab.alpha failed on each of the subjects; answers what became of it.
    private String report(long sequence, Integer revision, String... subjects) {
        var report = new TestReport(account, asset, sequence);
        if (revision != null) {
            report.revision(revision);
        }
        for (var subject : subjects) {
            report.fail("lab.alpha", subject, "");
        }
        var answer = TestApi.report(report.ndjson().getBytes(UTF_8), TestApi.token(null));
        return answer.body().at("/items/0/kind").asString();
    }

    private TreeMap<String, String> states() {
        var states = new TreeMap<String, String>();
        TestInsights.JDBC
                .sql(
                        "select subject, concat_ws(' ', state, resolution) as state from insights.insight where account_id = ?")
                .param(account)
                .query(row -> {
                    states.put(row.getString("subject"), row.getString("state"));
                });
        return states;
    }
}
