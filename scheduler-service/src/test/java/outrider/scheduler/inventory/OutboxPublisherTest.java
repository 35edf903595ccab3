package outrider.scheduler.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.AssetKind;
import outrider.scan.InventoryRecord;
import outrider.scan.Plan;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.Audit;
import outrider.scheduler.BrokerAwayException;
import outrider.scheduler.NoKafka;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;

class OutboxPublisherTest {

    private static final String ENTERPRISE_EVERY =
            "update scheduler.plan set every = ?::interval where plan = 'enterprise'";

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Inventory inventory = scheduler.bean(Inventory.class);
    private final OutboxPublisher publisher = scheduler.bean(OutboxPublisher.class);
    private UUID account;
    private UUID asset;

    @BeforeEach
    void add() {
        account = inventory.addAccount("Example", Plan.FREE).id();
        asset = ((Inventory.Addition.Added) inventory.addAsset(account, AssetKind.ZONE, "a.example", null))
                .asset()
                .id();
    }

    @Test
    void publishes_changes_in_their_order() {
        inventory.changeAccount(account, "Renamed", null);
        inventory.changeAsset(asset, "b.example", null);
        scheduler.http().delete("/v1/accounts/" + account);

        publisher.publish();

        assertThat(published())
                .extracting(this::brief)
                .containsExactly(
                        "account Example",
                        "asset a.example",
                        "account Renamed",
                        "asset b.example",
                        "asset  deleted", // nothing of it is left but that it is gone
                        "account  deleted");
        assertThat(waiting()).isZero();
    }

    @Test
    void what_changes_nothing_is_not_published() {
        publisher.publish();
        inventory.changeAccount(account, "Example", null);
        inventory.addAsset(account, AssetKind.ZONE, "a.example", null);

        assertThat(waiting()).isZero();
    }

    @Test
    void keeps_everything_while_kafka_is_away() {
        try (var kafka = new NoKafka()) {
            var cutOff = new OutboxPublisher(
                    scheduler.bean(Outbox.class),
                    kafka.sender(),
                    scheduler.bean(TransactionTemplate.class),
                    new InventoryMetrics(new SimpleMeterRegistry()),
                    scheduler.bean(InventoryProperties.class));
            assertThatThrownBy(cutOff::publish).isInstanceOf(BrokerAwayException.class);
        }
        assertThat(waiting()).isEqualTo(2);

        publisher.publish();
        assertThat(published()).hasSize(2);
    }

    @Test
    void dying_before_the_commit_publishes_again_and_loses_nothing() {
        var transactions = scheduler.bean(TransactionTemplate.class);
        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                    publisher.publish();
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");

        publisher.publish();

        assertThat(published())
                .extracting(this::brief)
                .containsExactly("account Example", "asset a.example", "account Example", "asset a.example");
    }

    @Test
    void only_one_replica_publishes_at_a_time() throws Exception {
        var outbox = scheduler.bean(Outbox.class);
        scheduler.bean(TransactionTemplate.class).executeWithoutResult(status -> {
            outbox.lock();
            var other = Thread.ofPlatform().start(publisher::publish);
            join(other);
            assertThat(published()).isEmpty();
        });

        publisher.publish();
        assertThat(published()).hasSize(2);
    }

    @Test
    void a_release_that_knows_no_orders_sees_and_takes_the_changes_of_the_inventory_alone() {
        scheduler.bean(Audit.class).done("schedule.pause", "schedule", Map.of(), Map.of());
        var older = scheduler.jdbc();
        older.sql("insert into scheduler.inventory_outbox (key, value) values ('asset/older', '{}')")
                .update();

        assertThat(older.sql("select key from scheduler.inventory_outbox")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder("account/" + account, "asset/" + asset, "asset/older");
        assertThat(older.sql("delete from scheduler.inventory_outbox where id > 0")
                        .update())
                .isEqualTo(3);
        assertThat(scheduler.audited("schedule")).hasSize(1);
    }

    @Test
    void a_plan_is_published_once_and_again_when_its_interval_changes() {
        scheduler.jdbc().sql("update scheduler.plan set published = null").update();
        publisher.publish();
        publisher.publish();
        assertThat(cadences("plan/ENTERPRISE")).last().isEqualTo(Duration.ofDays(1));
        var before = cadences("plan/ENTERPRISE").size();

        scheduler.jdbc().sql(ENTERPRISE_EVERY).param("6 hours").update();
        publisher.publish();
        scheduler.jdbc().sql(ENTERPRISE_EVERY).param("1 day").update();
        publisher.publish();
        publisher.publish();

        assertThat(cadences("plan/ENTERPRISE")).hasSize(before + 2).endsWith(Duration.ofHours(6), Duration.ofDays(1));
    }

    private static List<Duration> cadences(String key) {
        return Topic.read(Topics.INVENTORY).stream()
                .filter(record -> record.key().equals(key))
                .map(record -> ((InventoryRecord.Cadence) Wire.read(record.value(), InventoryRecord.class)).every())
                .toList();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private int waiting() {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.outbox")
                .query(Integer.class)
                .single();
    }

    private List<InventoryRecord> published() {
        var keys = List.of("account/" + account, "asset/" + asset);
        return Topic.read(Topics.INVENTORY).stream()
                .filter(record -> keys.contains(record.key()))
                .map(record -> Wire.read(record.value(), InventoryRecord.class))
                .toList();
    }

    private String brief(InventoryRecord record) {
        var what = switch (record) {
            case InventoryRecord.Cadence(var plan, var every) -> "plan " + plan;
            case InventoryRecord.Account(var id, var name, var plan, var deleted) -> "account " + name;
            case InventoryRecord.Asset(var id, var owner, var kind, var name, var endpoints, var deleted) ->
                "asset " + name;
        };
        return record.deleted() ? what + " deleted" : what;
    }
}
