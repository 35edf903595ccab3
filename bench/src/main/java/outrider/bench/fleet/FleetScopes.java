package outrider.bench.fleet;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import outrider.bench.BenchException;
import outrider.bench.write.arm.RivalTable;

/// The assets of the fleet: each with a scope of the simulated checker, and none of another.
final class FleetScopes implements AutoCloseable {

    private static final long PATIENCE_NANOS = 300_000_000_000L;

    private final Connection connection;

    FleetScopes(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
    }

    /// Makes the assets, one in a hundred of them slow, and has each scanned for the first time.
    void fill(int assets) throws SQLException {
        run("""
            insert into scheduler.account (id, name, plan, created_at)
            select uuidv7(), 'Bench', 'free', now() from generate_series(1, 100)
            """);
        run("""
            insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
            select uuidv7(), c.id, 'zone', case when g.n / 100 %% 100 = 0 then '%s' else 'a' end || g.n || '.example', '{}', now()
              from (select id, row_number() over (order by id) - 1 as n from scheduler.account) c
              join generate_series(1, %d) g (n) on g.n %% 100 = c.n
            """.formatted(SimulatedChecker.SLOW, assets));
        run("""
            create unlogged table bench_asset as
            select row_number() over (order by slow, random()) as number, id, slow, null::timestamptz as due
              from (select id, name like '%s%%' as slow from scheduler.asset) a
            """.formatted(SimulatedChecker.SLOW));
        run("create index on bench_asset (number)");
        run("""
            insert into scheduler.scope (asset_id, checker, account_id, next_due)
            select a.id, k.number, a.account_id, 'infinity' from scheduler.asset a cross join scheduler.checker k where k.checker = 'sim'
            """);
    }

    /// Gives the rivals the insights that ours found, so that they scan again too.
    void fillRivals() throws SQLException {
        try (var statement = connection.createStatement()) {
            RivalTable.create(statement);
            statement.execute("""
                insert into rival.insight (%s)
                select %s
                  from insights.insight i
                  join insights.scope s using (account_id, scope_id)
                """.formatted(
                    RivalTable.ALL,
                    RivalTable.ALL.replace(
                            "scope_id", "('x' || right(replace(s.asset_id::text, '-', ''), 16))::bit(64)::bigint")));
        }
    }

    /// Leaves the tables as they are after a while without scans.
    void settle() throws SQLException {
        run("vacuum analyze");
        run("checkpoint");
    }

    /// Makes fast assets due, and one slow one for ninety-nine of them.
    ///
    /// @param perSecond how many become due a second; all at once when 0
    /// @return since when they are due
    Instant makeDue(Load load, int assets, int perSecond) throws SQLException {
        run("update scheduler.scope set usual_millis = %s where asset_id in (select id from bench_asset where slow)"
                .formatted(load == Load.SLOW_STAMPED ? "30000" : "null"));
        run("update bench_asset set due = null where due is not null");
        run("""
            update bench_asset b
               set due = now() + interval '1 second' * case when %3$d = 0 then 0 else c.turn / %3$d.0 end
              from ((select number, row_number() over () as turn from (select number from bench_asset where not slow order by random() limit %1$d))
                    union all
                    (select number, 99 * row_number() over () from (select number from bench_asset where slow order by random() limit %2$d))) c
             where b.number = c.number
            """.formatted(assets, load == Load.FAST ? 0 : assets / 99, perSecond));
        run(
                "update scheduler.scope s set next_due = b.due from bench_asset b where b.id = s.asset_id and b.due is not null");
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select min(due) from bench_asset")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /// How many of the fast ones among those due were reported, and when the last was.
    record Progress(long due, long reported, @Nullable Instant last) {

        boolean complete() {
            return due == reported;
        }
    }

    /// Waits until all fast ones are reported, or until that time.
    Progress awaitFast(Instant begin, Instant end) throws SQLException {
        var due = progress().due();
        try (var closed = connection.prepareStatement(
                "select count(*) from scheduler.scope where last_closed_at >= ? and last_duration_millis < 10000")) {
            closed.setObject(1, begin.atOffset(ZoneOffset.UTC));
            while (Instant.now().isBefore(end)) {
                LockSupport.parkNanos(500_000_000L);
                try (var row = closed.executeQuery()) {
                    row.next();
                    if (row.getLong(1) >= due) {
                        break;
                    }
                }
            }
        }
        return progress();
    }

    private Progress progress() {
        return read("""
            select count(*), count(*) filter (where last_closed_at >= due and last_outcome = 'reported')
                 , max(last_closed_at) filter (where last_closed_at >= due)
              from bench_asset b
              join scheduler.scope s on s.asset_id = b.id
             where due is not null and not slow
            """, row -> {
            var last = row.getObject(3, OffsetDateTime.class);
            return new Progress(row.getLong(1), row.getLong(2), last == null ? null : last.toInstant());
        });
    }

    /// From due to reported, of the fast ones, in milliseconds.
    double latency(double percentile) {
        return read("""
            select percentile_disc(%s) within group (order by extract(epoch from last_closed_at - due) * 1000)
              from bench_asset b
              join scheduler.scope s on s.asset_id = b.id
             where due is not null and not slow and last_closed_at >= due
            """.formatted(percentile), row -> row.getDouble(1));
    }

    /// Forgets the scans that nobody will run any more.
    void abandon() throws SQLException {
        run("""
            update scheduler.scope
               set scan_id = null, batch = null, ordinal = null, started_at = null, missed = false, next_due = 'infinity'
             where scan_id is not null or next_due < now() + interval '1 hour'
            """);
        run("truncate scheduler.open_scan, scheduler.batch");
    }

    /// Until nothing is due and nothing is open.
    void awaitQuiet() {
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (openOrDue() > 0) {
            if (System.nanoTime() > end) {
                throw new BenchException(
                        "the fleet does not come to an end: %,d scans are open".formatted(openOrDue()));
            }
            LockSupport.parkNanos(500_000_000L);
        }
    }

    private long openOrDue() {
        return read(
                "select count(*) from scheduler.scope where scan_id is not null or next_due <= now()",
                row -> row.getLong(1));
    }

    /// Begins to count what each statement costs.
    void countStatements() throws SQLException {
        run("create extension if not exists pg_stat_statements");
        run("select pg_stat_statements_reset()");
    }

    /// What the costliest statements took, those inside of functions too.
    void statements(PrintStream out) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("""
                    select toplevel, calls, rows, total_exec_time, total_plan_time, wal_bytes, wal_records
                         , regexp_replace(left(query, 100), '\\s+', ' ', 'g') as query
                      from pg_stat_statements order by total_exec_time desc limit 25
                    """)) {
            while (row.next()) {
                out.printf(
                        "%-6s %,10.0f ms %,9d calls %,10d rows %,14d wal bytes  %s%n",
                        row.getBoolean("toplevel") ? "call" : "inside",
                        row.getDouble("total_exec_time"),
                        row.getLong("calls"),
                        row.getLong("rows"),
                        row.getLong("wal_bytes"),
                        row.getString("query"));
            }
        }
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> T read(String query, Row<T> reader) {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return reader.read(row);
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    private void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
