package outrider.insights.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.scan.CatalogRecord;
import outrider.scan.Wire;
import tools.jackson.core.type.TypeReference;

/// The catalogues that checkers have published.
@Component
final class CatalogRepository {

    /// Several in one transaction, always in the order of their hashes.
    private static final String SAVE = """
            insert into insights.catalog (hash, checks)
            select * from unnest(?, ?::jsonb[]) as c (hash, checks) order by hash
                on conflict (hash) do update set told_at = excluded.told_at
            """;

    private static final String OTHERS = "select hash, checks from insights.catalog where not hash = any (:known)";

    private static final TypeReference<List<CatalogRecord.Check>> CHECKS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    CatalogRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Notes that checkers have them now.
    void save(List<CatalogRecord> records) {
        var newest = new HashMap<String, CatalogRecord>();
        records.forEach(record -> newest.put(record.hash(), record));
        jdbc.sql(SAVE)
                .param(new SqlArrayValue("text", newest.keySet().toArray()))
                .param(new SqlArrayValue(
                        "text",
                        newest.values().stream()
                                .map(record -> Wire.JSON.writeValueAsString(record.checks()))
                                .toArray()))
                .update();
    }

    /// By hash all but these.
    Map<String, CatalogChecks> others(Collection<String> known) {
        var others = new HashMap<String, CatalogChecks>();
        jdbc.sql(OTHERS)
                .param("known", new SqlArrayValue("text", known.toArray()))
                .query(row -> {
                    others.put(
                            row.getString("hash"),
                            new CatalogChecks(Wire.JSON.readValue(row.getString("checks"), CHECKS)));
                });
        return others;
    }
}
