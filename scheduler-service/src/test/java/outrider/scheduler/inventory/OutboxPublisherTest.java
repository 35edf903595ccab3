package outrider.scheduler.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
import outrider.scheduler.Transactions;

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
                    scheduler.bean(Transactions.class),
                    new InventoryMetrics(new SimpleMeterRegistry()),
                    scheduler.clock(),
                    scheduler.bean(InventoryProperties.class));
            assertThatThrownBy(cutOff::publish).isInstanceOf(BrokerAwayException.class);
        }
        assertThat(waiting()).isEqualTo(2);

        publisher.publish();
        assertThat(published()).hasSize(2);
    }

    @Test
    void dying_before_the_removal_publishes_again_and_loses_nothing() {
        var outbox = scheduler.bean(Outbox.class);
        var entries = outbox.oldest(0, 10);
        publisher.publish();
        entries.forEach(entry -> scheduler
                .jdbc()
                .sql("insert into scheduler.outbox (key, value, topic) values (?, ?, ?)")
                .params(entry.key(), entry.value(), entry.topic())
                .update());

        publisher.publish();

        assertThat(published())
                .extracting(this::brief)
                .containsExactly("account Example", "asset a.example", "account Example", "asset a.example");
    }

    @Test
    void only_one_replica_publishes_at_a_time_and_another_takes_over_from_one_that_died() {
        var outbox = scheduler.bean(Outbox.class);
        var now = scheduler.clock().instant();
        assertThat(outbox.lease(now, now.plusSeconds(45))).isTrue();

        publisher.publish();
        assertThat(published()).isEmpty();

        scheduler.clock().advance(Duration.ofSeconds(45));
        publisher.publish();
        assertThat(published()).hasSize(2);
    }

    @Test
    void one_that_was_late_gives_back_no_lease_but_its_own() {
        var outbox = scheduler.bean(Outbox.class);
        var now = scheduler.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        outbox.lease(now, now.plusSeconds(45));
        assertThat(outbox.lease(now.plusSeconds(45), now.plusSeconds(90))).isTrue();

        outbox.release(now.plusSeconds(45));

        assertThat(outbox.lease(now.plusSeconds(46), now.plusSeconds(91))).isFalse();
    }

    @Test
    void holds_no_connection_while_kafka_is_waited_for() {
        var busy = new ArrayList<Integer>();
        try (var kafka = new NoKafka(Duration.ofSeconds(3))) {
            var cutOff = new OutboxPublisher(
                    scheduler.bean(Outbox.class),
                    kafka.sender(),
                    scheduler.bean(Transactions.class),
                    new InventoryMetrics(new SimpleMeterRegistry()),
                    scheduler.clock(),
                    scheduler.bean(InventoryProperties.class));
            var sending = Thread.ofPlatform().start(() -> {
                try {
                    cutOff.publish();
                } catch (BrokerAwayException e) {
                    // As it is.
                }
            });
            await().until(() ->
                    held("select count(*) from scheduler.outbox_lease where held_until > '-infinity'") == 1);
            busy.add(
                    held(
                            "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"));
            await().until(() -> !sending.isAlive());
        }
        assertThat(busy).containsExactly(0);
    }

    private int held(String sql) {
        return scheduler.jdbc().sql(sql).query(Integer.class).single();
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

    private int waiting() {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.outbox where key not like 'plan/%'")
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
            case InventoryRecord.Asset(
                    var id,
                    var owner,
                    var kind,
                    var name,
                    var endpoints,
                    var deleted,
                    var revision) -> "asset " + name;
        };
        return record.deleted() ? what + " deleted" : what;
    }
}
