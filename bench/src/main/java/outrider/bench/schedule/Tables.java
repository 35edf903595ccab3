package outrider.bench.schedule;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import outrider.bench.Progress;

/// Fills the scheduler's tables faster than its interface would.
final class Tables implements AutoCloseable {

    private final SingleConnectionDataSource connection;
    private final JdbcClient jdbc;

    Tables(String url) {
        connection = new SingleConnectionDataSource(url, true);
        jdbc = JdbcClient.create(connection);
        // What is filled in here is right by itself: no need to look up each reference.
        run("set session_replication_role = replica");
        run("set synchronous_commit = off");
        run("set maintenance_work_mem = '512MB'");
    }

    UUID account(String plan) {
        return jdbc.sql("""
                insert into scheduler.account (id, name, plan, created_at) values (uuidv7(), 'Bench', ?, now()) returning id
                """).param(plan).query(UUID.class).single();
    }

    /// Adds assets with a scope for each checker, due over the last day.
    void fill(UUID account, int assets) {
        Progress.say("%,d assets more".formatted(assets));
        run("alter table scheduler.scope drop constraint scope_pkey");
        run("drop index scheduler.scope_due");
        jdbc.sql("""
                with fresh as (
                    insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
                    select uuidv7(), :account, 'zone', 'a' || n || '.example', '{}', now()
                      from generate_series((select count(*) from scheduler.asset) + 1, (select count(*) from scheduler.asset) + :assets) n
                    returning id, account_id
                )
                insert into scheduler.scope (asset_id, checker, account_id, next_due)
                select f.id, k.number, f.account_id, now() - random() * interval '1 day'
                  from fresh f
                 cross join scheduler.checker k
                 where k.active
                """).param("account", account).param("assets", assets).update();
        run("alter table scheduler.scope add primary key (asset_id, checker)");
        run("create index scope_due on scheduler.scope (next_due)");
        run(
                "update scheduler.account c set scopes = (select count(*) from scheduler.scope s where s.account_id = c.id)");
        settle();
    }

    /// As after a night: statistics and visibility are there, and nothing waits to be written.
    void settle() {
        run("vacuum analyze scheduler.asset");
        run("vacuum analyze scheduler.scope");
        run("checkpoint");
    }

    void run(String statement) {
        jdbc.sql(statement).update();
    }

    double number(String query) {
        return jdbc.sql(query).query(Double.class).single();
    }

    @Override
    public void close() {
        connection.destroy();
    }
}
