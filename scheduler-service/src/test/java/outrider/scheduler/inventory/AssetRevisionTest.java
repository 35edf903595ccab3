package outrider.scheduler.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;
import outrider.scan.Plan;
import outrider.scan.ScanJob;
import outrider.scan.Wire;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.QueuedScan;

/// Every change of what is scanned makes a new revision of the asset, which its news and its scans carry.
class AssetRevisionTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Inventory inventory = scheduler.bean(Inventory.class);
    private final UUID account = inventory.addAccount("Example", Plan.PRO).id();
    private final UUID asset = ((Inventory.Addition.Added)
                    inventory.addAsset(account, AssetKind.ZONE, "a.example", null))
            .asset()
            .id();

    @Test
    void names_endpoints_and_records_raise_it_and_what_changes_nothing_does_not() {
        inventory.changeAsset(asset, "b.example", null);
        inventory.changeAsset(asset, "b.example", null);
        inventory.changeAsset(asset, null, List.of(Endpoint.of("https://b.example:8443")));
        load("www.b.example. 60 IN A 192.0.2.1");
        load("www.b.example. 60 IN A 192.0.2.1");
        load("www.b.example. 60 IN A 192.0.2.2");
        inventory.removeAsset(asset);

        assertThat(told()).extracting(InventoryRecord.Asset::revision).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(told().getLast().deleted()).isTrue();
    }

    @Test
    void a_scan_carries_the_revision_it_was_made_of_and_the_asset_is_due_again_when_it_changes_meanwhile() {
        var before = claim();

        inventory.changeAsset(asset, "b.example", null);

        assertThat(before)
                .isNotEmpty()
                .allMatch(job -> job.assetRevision() == 1 && job.name().equals("a.example"));
        assertThat(claim()).isEmpty(); // they are open; their time came meanwhile
        assertThat(scheduler
                        .jdbc()
                        .sql("select bool_and(missed) from scheduler.scope where asset_id = ?")
                        .param(asset)
                        .query(Boolean.class)
                        .single())
                .isTrue();
        scheduler
                .jdbc()
                .sql(
                        "update scheduler.scope set scan_id = null, batch = null, ordinal = null, next_due = '2000-01-01' where asset_id = ?")
                .param(asset)
                .update();
        assertThat(claim())
                .isNotEmpty()
                .allMatch(job -> job.assetRevision() == 2 && job.name().equals("b.example"));
    }

    @Test
    void the_assets_of_a_deleted_account_end_with_a_newer_revision() {
        scheduler.http().delete("/v1/accounts/" + account);

        assertThat(told()).extracting(InventoryRecord.Asset::revision).containsExactly(1L, 2L);
    }

    private List<ScanJob> claim() {
        scheduler.clock().advance(Duration.ofSeconds(20));
        return scheduler
                .bean(DueScopes.class)
                .claim(10_000, scheduler.clock().instant(), Duration.ofSeconds(30))
                .stream()
                .map(QueuedScan::job)
                .filter(job -> job.assetId().equals(asset))
                .toList();
    }

    /// The news of the asset, in their order.
    private List<InventoryRecord.Asset> told() {
        return scheduler
                .jdbc()
                .sql("select value from scheduler.outbox where key = ? order by id")
                .param("asset/" + asset)
                .query(String.class)
                .list()
                .stream()
                .map(value -> (InventoryRecord.Asset) Wire.read(value.getBytes(UTF_8), InventoryRecord.class))
                .toList();
    }

    private void load(String zone) {
        var answer = scheduler.http().stream(
                "/v1/assets/%s/records:import".formatted(asset),
                "text/dns",
                "identity",
                new ByteArrayInputStream(zone.getBytes(UTF_8)));
        assertThat(answer.status()).isEqualTo(200);
    }
}
