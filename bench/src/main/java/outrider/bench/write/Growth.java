package outrider.bench.write;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.Scope;
import outrider.insights.inventory.InventoryDoor;
import outrider.scan.AssetKind;
import outrider.scan.InventoryRecord;

/// What a long past costs: a changed report in a scope with very many resolved insights, and closing as many that are
/// open.
final class Growth {

    private static final String YOUNG = "a changed report of one insight, young scope";
    private static final String OLD = "the same, with its past";
    private static final int PER_BLOCK = 25;

    private final Rig rig;
    private final Scale scale;

    Growth(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale;
    }

    void run(Figures figures) throws SQLException {
        try (var keeper = new Keeper(rig.url());
                var ours = new OutriderArm(rig.url(), false, Map.of())) {
            keeper.empty();
            small(keeper, ours, figures);
            keeper.empty();
            close(keeper, ours, figures);
        }
    }

    private void small(Keeper keeper, OutriderArm ours, Figures figures) throws SQLException {
        var young = new Changing(ours);
        var old = new Changing(ours);
        keeper.execute("""
                insert into insights.insight (account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail
                                            , title, evidence, first_seen, changed_at, opened_seq, resolved_at, resolution)
                select account_id, scope_id, gen_random_uuid(), gen_random_uuid(), 2, true, 'resolved', 'dns-deep.record', 's' || n, ''
                     , 'title', '{}', scanned_at, scanned_at, 1, scanned_at, 'fixed'
                  from insights.scope cross join generate_series(1, %d) n
                 where account_id = '%s'
                """.formatted(scale.largest(), old.account()));
        keeper.vacuum();
        var p50 = new Samples<String>();
        var calls = new Calls().kind(YOUNG, ours, PER_BLOCK, young::next).kind(OLD, ours, PER_BLOCK, old::next);
        calls.measure(scale.small().blocks(), new Samples<>());
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            Progress.say("an old scope, repetition " + repetition);
            keeper.settle();
            calls.measure(scale.small().blocks(), p50);
        }
        var table = new Table("A scope with a past", "call", "p50 ms", "range", "over the young one")
                .note("%,d resolved insights; %d calls of each a repetition, in turn."
                        .formatted(scale.largest(), scale.small().blocks() * PER_BLOCK));
        p50.forEach((call, spread) ->
                table.row(call, Table.exact(spread.median()), spread.range(), Table.exact(spread.over(p50.of(YOUNG)))));
        table.print(rig.out());
        figures.put("small_report_in_old_scope_over_young", p50.of(OLD).over(p50.of(YOUNG)));
    }

    /// A scope whose only insight changes from report to report.
    private static final class Changing {

        private Batch last;

        Changing(OutriderArm ours) throws SQLException {
            last = new Batch(Scope.fresh(), 1, 1, 100);
            ours.write(List.of(last));
        }

        UUID account() {
            return last.scope().account();
        }

        List<Batch> next() {
            last = last.next(100);
            return List.of(last);
        }
    }

    private void close(Keeper keeper, OutriderArm ours, Figures figures) throws SQLException {
        var seconds = new ArrayList<Double>();
        var waits = new ArrayList<Double>();
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            Progress.say("closing, repetition " + repetition);
            var scope = Scope.fresh();
            ours.write(List.of(new Batch(scope, 1, scale.largest(), 0)));
            keeper.vacuum();
            keeper.settle();
            measure(scope, seconds, waits);
        }
        var closing = Spread.of(seconds);
        var waiting = Spread.of(waits);
        var table = new Table("Closing what is gone", "", "median", "range")
                .note(
                        "%,d open insights of an asset that is deleted; beside it, somebody locks the scope again and again."
                                .formatted(scale.largest()));
        table.row("all are closed, s", closing.middle(), closing.range());
        table.row("longest wait for the lock of the scope, ms", waiting.middle(), waiting.range());
        table.print(rig.out());
        figures.put("close_500k_s", closing.median());
        figures.put("close_500k_longest_wait_ms", waiting.median());
    }

    private void measure(Scope scope, List<Double> seconds, List<Double> waits) throws SQLException {
        try (var pool = new HikariDataSource();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            pool.setJdbcUrl(rig.url());
            pool.setMaximumPoolSize(2);
            var inventory = new InventoryDoor(pool);
            var over = new AtomicBoolean();
            var wait = threads.submit(longestWait(scope, over));
            long begin = System.nanoTime();
            inventory.take(new InventoryRecord.Asset(
                    scope.asset(), scope.account(), AssetKind.ZONE, "gone.example", List.of(), true, 2L));
            inventory.follow(scope.account());
            seconds.add((System.nanoTime() - begin) / 1e9);
            over.set(true);
            waits.add(wait.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchException("the lock could not be had", e);
        }
    }

    private Callable<Double> longestWait(Scope scope, AtomicBoolean over) {
        return () -> {
            double longest = 0;
            try (var connection = DriverManager.getConnection(rig.url());
                    var lock = connection.prepareStatement(
                            "select from insights.scope where account_id = ? for no key update")) {
                lock.setObject(1, scope.account());
                while (!over.get()) {
                    long begin = System.nanoTime();
                    lock.execute();
                    longest = Math.max(longest, (System.nanoTime() - begin) / 1e6);
                    Thread.sleep(5);
                }
            }
            return longest;
        };
    }
}
