package outrider.insights.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.insights.ingest.TestReport;
import outrider.scan.AssetKind;
import outrider.scan.InventoryRecord;
import outrider.scan.Plan;

/// The first report of a scope against the deletion of its asset or account: nothing survives it.
class BirthTest {

    private final InventoryDoor inventory = new InventoryDoor(TestInsights.SOURCE);
    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();

    @BeforeAll
    static void start() {
        TestApi.token(null);
    }

    @Test
    void a_deletion_waits_for_the_birth_that_began_before_it_and_closes_what_it_brought() throws Exception {
        try (var birth = TestInsights.SOURCE.getConnection();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            birth.setAutoCommit(false);
            execute(birth, "select insights.bear('%s', '%s', 'lab')".formatted(account, asset));
            var deletion = threads.submit(() -> inventory.take(deleted(account, asset)));
            await().until(BirthTest::somebodyWaits);
            execute(birth, """
                    insert into insights.insight (account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail
                                                , title, evidence, first_seen, changed_at, opened_seq)
                    select account_id, scope_id, uuidv7(), uuidv7(), 2, true, 'open', 'lab.alpha', 'a', '', '', '{}', now(), now(), 1
                      from insights.scope where account_id = '%s'
                    """.formatted(account));

            birth.commit();

            deletion.get();
        }
        inventory.follow(account);
        assertThat(live()).isZero();
        assertThat(report(account, asset, 2)).isEqualTo("superseded");
    }

    @Test
    void a_birth_waits_for_the_deletion_that_began_before_it_and_is_none() throws Exception {
        try (var deletion = TestInsights.SOURCE.getConnection();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            deletion.setAutoCommit(false);
            execute(deletion, "select insights.hold_deletions(array['%s'::uuid])".formatted(account));
            var birth = threads.submit(() -> report(account, asset, 1));
            await().until(BirthTest::somebodyWaits);
            execute(
                    deletion,
                    "insert into insights.account (id, name, plan, deleted) values ('%s', '', 'FREE', true)"
                            .formatted(account));

            deletion.commit();

            assertThat(birth.get()).isEqualTo("superseded");
        }
        assertThat(scopes(account)).isZero();
    }

    @Test
    void nothing_of_what_is_deleted_survives_a_storm_of_first_reports() throws Exception {
        storm(8, 25);
    }

    @Test
    @Tag("soak")
    void nothing_of_what_is_deleted_survives_a_long_storm_of_first_reports() throws Exception {
        storm(24, 400);
    }

    private void storm(int writers, int rounds) throws Exception {
        var accounts = Stream.generate(UUID::randomUUID).limit(rounds).toList();
        var assets = Stream.generate(UUID::randomUUID).limit(4).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var jobs = IntStream.range(0, writers)
                    .<Callable<Void>>mapToObj(seed -> () -> {
                        var random = new Random(seed);
                        for (var one : accounts) {
                            var target = assets.get(random.nextInt(assets.size()));
                            switch (random.nextInt(6)) {
                                case 0 -> inventory.take(deleted(one, target));
                                case 1 -> inventory.take(new InventoryRecord.Account(one, "Example", Plan.PRO, true));
                                default -> report(one, target, 1 + random.nextInt(3));
                            }
                        }
                        return null;
                    })
                    .toList();
            for (var job : threads.invokeAll(jobs)) {
                job.get();
            }
        }
        for (var one : accounts) {
            inventory.take(new InventoryRecord.Account(one, "Example", Plan.PRO, true));
        }
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(
                                accounts.stream().mapToLong(BirthTest::scopes).sum())
                        .isZero());
    }

    private static InventoryRecord.Asset deleted(UUID account, UUID asset) {
        return new InventoryRecord.Asset(asset, account, AssetKind.HOST, "a.example", List.of(), true, 2L);
    }

    private static String report(UUID account, UUID asset, long sequence) {
        var report = new TestReport(account, asset, sequence).revision(1).fail("lab.alpha", "a", "");
        return TestApi.report(report.ndjson().getBytes(UTF_8), TestApi.token(null))
                .body()
                .at("/items/0/kind")
                .asString();
    }

    private static boolean somebodyWaits() {
        return TestInsights.JDBC
                        .sql(
                                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long live() {
        return TestInsights.JDBC
                .sql("select count(*) from insights.insight where account_id = ? and state <> 'resolved'")
                .param(account)
                .query(Long.class)
                .single();
    }

    private static long scopes(UUID account) {
        return TestInsights.JDBC
                .sql(
                        "select (select count(*) from insights.scope where account_id = :account) + (select count(*) from insights.insight where account_id = :account)")
                .param("account", account)
                .query(Long.class)
                .single();
    }
}
