package outrider.bench.write;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Table;
import outrider.bench.write.arm.OutriderArm;

/// Ten new insights into a table of ten million, beside the same into an empty one.
final class Preloaded {
    private static final int SCOPES = 20;

    /// Narrow rows, made by the server, in the order of the primary key.
    private static final String ROWS = """
            insert into %1$s (account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail, title
                 , evidence, first_seen, changed_at, opened_seq)
            select md5('account ' || s)::uuid, -s, lpad(to_hex(n), 32, '0')::uuid, md5(n::text)::uuid, n %% 5, true, 'open'
                 , 'dns.caa', 'record-' || n / 10 || '.example.com', n %% 10, 'No CAA record', '{}', now(), now(), 1
              from (select s from generate_series(1, %2$d) s order by md5('account ' || s)::uuid) s
             cross join generate_series(1, %3$d) n
            """;

    private final Rig rig;
    private final Scale scale;
    private final Samples<String> p50 = new Samples<>();

    Preloaded(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale;
    }

    void run(Figures figures) throws SQLException {
        String full = "ten new, %,d rows there".formatted(scale.preloaded());
        String none = "ten new, no rows there";
        String url = rig.server().create("preloaded");
        Progress.say("preloading %,d rows".formatted(scale.preloaded()));
        load(url, "insights.insight", scale.preloaded());
        Progress.say("preloaded");
        try (var keeper = new Keeper(rig.url());
                var empty = new OutriderArm(rig.url(), false, Map.of());
                var loaded = new OutriderArm(url, false, Map.of())) {
            keeper.empty();
            var calls = new Calls()
                    .kind(none, empty, 25, () -> Scopes.fresh(1, Small.TEN))
                    .kind(full, loaded, 25, () -> Scopes.fresh(1, Small.TEN));
            calls.measure(scale.small().blocks(), new Samples<>()); // warms up
            for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
                Progress.say("preloaded, repetition " + repetition);
                keeper.settle();
                calls.measure(scale.small().blocks(), p50);
            }
        }
        var table = new Table("Small reports into a large table", "call", "p50 ms", "range")
                .note(
                        "%,d calls of each kind a repetition, %d repetitions; in the large table the other rows are narrow."
                                .formatted(25 * scale.small().blocks(), rig.repetitions()));
        p50.forEach((call, spread) -> table.row(call, Table.exact(spread.median()), spread.range()));
        table.print(rig.out());
        figures.put("preloaded10m_over_empty_10rows", p50.of(full).over(p50.of(none)));
    }

    /// Fills a table that is empty. Its indexes beside the primary key are made again afterwards, which is quicker.
    static void load(String url, String table, int rows) throws SQLException {
        try (var keeper = new Keeper(url)) {
            var indexes = new ArrayList<String>();
            for (var index : keeper.texts(
                    "select indexrelid::regclass || '' from pg_index where indrelid = '%s'::regclass and not indisprimary"
                            .formatted(table))) {
                indexes.addAll(keeper.texts("select pg_get_indexdef('%s'::regclass)".formatted(index)));
                keeper.execute("drop index " + index);
            }
            keeper.execute(ROWS.formatted(table, SCOPES, rows / SCOPES));
            keeper.execute("set maintenance_work_mem = '512MB'");
            for (var index : indexes) {
                keeper.execute(index);
            }
            keeper.execute("vacuum (analyze) " + table);
            keeper.execute("checkpoint");
        }
    }
}
