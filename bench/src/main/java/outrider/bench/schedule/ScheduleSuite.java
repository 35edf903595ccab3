package outrider.bench.schedule;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import outrider.bench.Asked;
import outrider.bench.BenchException;
import outrider.bench.Broker;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Server;
import outrider.bench.Spread;
import outrider.bench.Table;

/// The suite `schedule`: the scheduler on one PostgreSQL and one broker, with one and with ten million scopes.
public final class ScheduleSuite {

    private static final int BATCH = 500;
    /// Claims that nobody publishes must not be taken over while the run goes on.
    private static final Duration LEASE = Duration.ofDays(1);

    private static final int RATES = 40;

    private final Scale scale;
    private final int repetitions;
    private final PrintStream out;

    /// @param full more of everything
    public ScheduleSuite(boolean full, PrintStream out) {
        this.scale = Asked.smoke() ? Scale.smoke() : full ? Scale.full() : Scale.quick();
        this.repetitions = Asked.repetitions(scale.repetitions());
        this.out = out;
    }

    /// Scopes a second.
    private record Speeds(Spread claim, Spread dispatch) {}

    public Figures run() throws IOException, InterruptedException {
        var figures = new Figures();
        try (var server = Server.start();
                var broker = Broker.start()) {
            server.describe(out);
            var url = server.create("schedule");
            try (var service = new Service(url, broker.bootstrap());
                    var tables = new Tables(url)) {
                service.post("/admin/schedule:pause", "");
                run(server, service, tables, url, figures);
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
        return figures;
    }

    private void run(Server server, Service service, Tables tables, String url, Figures figures)
            throws IOException, InterruptedException {
        if (Asked.wanted("burst")) {
            burst(service, tables, figures);
        }
        if (Asked.wanted("import")) {
            new Import(service, tables, scale, repetitions, out).run(figures);
        }
        if (Asked.wanted("claim")) {
            claim(service, tables, figures);
            if (Asked.wanted("population")) {
                population(server, service, tables, figures);
            }
            if (Asked.wanted("snapshot")) {
                snapshot(service, tables, url, figures);
            }
        }
    }

    /// What it costs the database to know how many scopes there are and how old their last scans (every five
    /// minutes), and to compute the rate from that (every 15 seconds).
    private void population(Server server, Service service, Tables tables, Figures figures)
            throws IOException, InterruptedException {
        var pace = service.pace();
        var costs = new ArrayList<Double>();
        for (var repetition = 0; repetition <= repetitions; repetition++) {
            Progress.say("population, repetition %d".formatted(repetition));
            var before = server.processorTime();
            pace.recount(Instant.now());
            var both = server.processorTime() - before;
            before = server.processorTime();
            for (var i = 0; i < RATES; i++) {
                tables.run("update scheduler.pace set recomputed_at = '-infinity'");
                pace.recomputeIfStale(Instant.now());
            }
            var rate = (server.processorTime() - before) / (double) RATES;
            if (repetition > 0) {
                costs.add((Math.max(0, both - rate) / 5 + 4 * rate) / 1e6);
            }
        }
        var cost = Spread.of(costs);
        figures.put("population_cpu_ms_per_minute_10m", cost.median());
        var table = new Table("Population and rate", "scopes", "CPU of PostgreSQL, ms a minute", "range");
        table.row("%,d".formatted(scale.many()), cost.middle(), cost.range());
        table.print(out);
    }

    /// Claims while a transaction holds a snapshot from before all of them, as a backup does, so that nothing is
    /// cleared away.
    private void snapshot(Service service, Tables tables, String url, Figures figures) {
        var without = new ArrayList<Double>();
        var with = new ArrayList<Double>();
        var part = scale.underSnapshot() / repetitions;
        for (var repetition = 1; repetition <= repetitions; repetition++) {
            Progress.say("no snapshot, repetition %d".formatted(repetition));
            tables.settle();
            without.add(claimOnly(service, part));
        }
        tables.settle();
        try (var old = DriverManager.getConnection(url);
                var statement = old.createStatement()) {
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select count(*) from scheduler.plan");
            for (var repetition = 1; repetition <= repetitions; repetition++) {
                Progress.say("an old snapshot, repetition %d".formatted(repetition));
                with.add(claimOnly(service, part));
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
        var none = Spread.of(without);
        var held = Spread.of(with);
        figures.put("old_snapshot_over_none", none.over(held));
        var table = new Table("Claims a second under an old snapshot", "snapshot", "claimed only", "range")
                .note(
                        "%,d claims each, in batches of %d. With: all under one snapshot, the last part behind the dead of those before."
                                .formatted(part * repetitions, BATCH));
        table.row("none", none.middle(), none.range());
        table.row("held", held.middle(), held.range());
        table.print(out);
    }

    private void claim(Service service, Tables tables, Figures figures) {
        var checkers = tables.number("select count(*) from scheduler.checker where active");
        var account = tables.account("free");
        tables.fill(account, (int) (scale.some() / checkers));
        var some = speeds(service, tables, scale.some());
        tables.fill(account, (int) ((scale.many() - scale.some()) / checkers));
        var many = speeds(service, tables, scale.many());
        figures.put("claims_per_s_1m", some.claim().median());
        figures.put("dispatches_per_s_1m", some.dispatch().median());
        figures.put("dispatch_vs_claim_only", some.dispatch().over(some.claim()));
        figures.put("dispatch_vs_claim_only_10m", many.dispatch().over(many.claim()));
        figures.put("claim_10m_over_1m", some.claim().over(many.claim()));
        var table = new Table(
                        "Claim and publish",
                        "scopes",
                        "claimed only, per second",
                        "range",
                        "claimed and published",
                        "range")
                .note("One scheduler, batches of %d, %,d scopes a round, %d rounds of each in turn."
                        .formatted(BATCH, scale.perRound(), repetitions));
        row(table, scale.some(), some);
        row(table, scale.many(), many);
        table.print(out);
    }

    private static void row(Table table, int scopes, Speeds speeds) {
        table.row(
                "%,d".formatted(scopes),
                speeds.claim().middle(),
                speeds.claim().range(),
                speeds.dispatch().middle(),
                speeds.dispatch().range());
    }

    private Speeds speeds(Service service, Tables tables, int scopes) {
        var claims = new ArrayList<Double>();
        var dispatches = new ArrayList<Double>();
        claimOnly(service, scale.perRound() / 4);
        dispatch(service, tables, scale.perRound() / 4);
        for (var repetition = 1; repetition <= repetitions; repetition++) {
            Progress.say("%,d scopes, repetition %d".formatted(scopes, repetition));
            claims.add(claimOnly(service, scale.perRound()));
            dispatches.add(dispatch(service, tables, scale.perRound()));
        }
        return new Speeds(Spread.of(claims), Spread.of(dispatches));
    }

    private static double claimOnly(Service service, int scopes) {
        var begin = System.nanoTime();
        var claimed = 0;
        while (claimed < scopes) {
            claimed += service.due().claim(BATCH, Instant.now(), LEASE).size();
        }
        return claimed * 1e9 / (System.nanoTime() - begin);
    }

    /// The service's own ticker, from when the schedule goes on until so many are published.
    private static double dispatch(Service service, Tables tables, int scopes) {
        var before = service.published();
        tables.run("update scheduler.pace set paused = false");
        var begin = System.nanoTime();
        while (service.published() - before < scopes) {
            LockSupport.parkNanos(1_000_000);
        }
        var published = service.published() - before;
        var perSecond = published * 1e9 / (System.nanoTime() - begin);
        tables.run("update scheduler.pace set paused = true");
        return perSecond;
    }

    private void burst(Service service, Tables tables, Figures figures) throws IOException, InterruptedException {
        Progress.say("a changed interval");
        UUID account = tables.account("business");
        tables.run("update scheduler.plan set every = '14 days' where plan = 'business'");
        tables.fill(account, scale.respread());
        tables.run("""
                update scheduler.scope s
                   set next_due = scheduler.next_due(a.place, now(), p.every, p.anchor)
                  from scheduler.asset a, scheduler.account c, scheduler.plan p
                 where a.id = s.asset_id and c.id = a.account_id and p.plan = c.plan and p.plan = 'business'
                """);
        service.patch("/admin/plans/business", "{\"interval\": \"P7D\"}");
        while (tables.number("select count(*) from scheduler.plan where changed_at is not null") > 0) {
            LockSupport.parkNanos(50_000_000);
        }
        var factor = tables.number("""
                select max(n) / (sum(n) / 10080)
                  from (select count(*) as n
                          from scheduler.scope s
                          join scheduler.account c on c.id = s.account_id
                         where c.plan = 'business'
                         group by date_trunc('minute', next_due)) m
                """);
        figures.put("burst_factor", factor);
        // Out of the way of what follows.
        tables.run("truncate scheduler.scope, scheduler.open_scan, scheduler.batch, scheduler.asset, scheduler.outbox");
    }
}
