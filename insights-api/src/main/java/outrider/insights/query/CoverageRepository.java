package outrider.insights.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.insight.CheckCatalog;

/// Reads what the scopes keep of each check: the last attempt, the last completed one, why not, and whether an answer
/// is overdue.
@Component
final class CoverageRepository {

    /// Nobody answers for a check that the catalogue has dropped.
    private static final String STALE = """
            cross join lateral (
                  select c.check_id = any (:catalog)
                         and now() - coalesce(insights.answered(c.entry, s.scanned_at), s.since)
                             > :stale_after * coalesce((select p.every
                                                          from insights.account o
                                                          join insights.plan p on p.plan = o.plan
                                                         where o.id = s.account_id)
                                                      , make_interval(secs => :assumed)) as stale
                  ) t
            """;

    private static final String PAGE = """
            select s.account_id, s.asset_id, a.name as asset_name, s.checker, c.check_id
                 , coalesce((c.entry ->> 'pass')::int, 0) as pass
                 , coalesce((c.entry ->> 'fail')::int, 0) as fail
                 , coalesce((c.entry ->> 'not_applicable')::int, 0) as not_applicable
                 , coalesce((c.entry ->> 'error')::int, 0) as error
                 , coalesce((c.entry ->> 'not_permitted')::int, 0) as not_permitted
                 , c.entry ->> 'why' as why
                 , coalesce((c.entry ->> 'at')::timestamptz, s.scanned_at) as last_attempt
                 , insights.completed(c.entry, s.scanned_at) as last_completed
                 , case when s.withheld = 0 then 0
                        else (select count(*)
                                from insights.withheld w
                                join insights.insight i using (account_id, scope_id, key)
                               where w.account_id = s.account_id and w.scope_id = s.scope_id and w.seq = s.last_seq
                                 and i.check_id = c.check_id and i.state <> 'resolved')
                   end as withheld
                 , t.stale
              from insights.scope s
             cross join lateral jsonb_each(s.coverage) c (check_id, entry)
            """ + STALE + """
              left join insights.asset a on a.account_id = s.account_id and a.id = s.asset_id
             where not s.removed
               and not coalesce((select d.deleted from insights.account d where d.id = s.account_id), false)
               and s.asset_id >= :asset_after
               and (s.asset_id, c.check_id) > (:asset_after, :check_after)
               and (cast(:account as uuid) is null or s.account_id = :account)
               and (cast(:asset as uuid) is null or s.asset_id = :asset)
               and (cast(:stale as boolean) is null or t.stale = :stale)
             order by s.asset_id, c.check_id
             limit :limit
            """;

    /// Its rows are named as the filter names an insight's.
    private static final String COUNT_STALE = """
            select count(*)
              from (select s.account_id, s.scope_id, c.check_id
                      from insights.scope s
                     cross join lateral jsonb_each(s.coverage) c (check_id, entry)
            """ + STALE + """
                     where not s.removed and t.stale) i
             where %s
            """;

    private static final Cursor BEGINNING = new Cursor(new UUID(0, 0), "");

    private final JdbcClient jdbc;
    private final CoverageProperties properties;
    private final SqlArrayValue catalog;

    CoverageRepository(JdbcClient jdbc, CoverageProperties properties, CheckCatalog catalog) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.catalog = new SqlArrayValue(
                "text",
                catalog.checks().stream().map(check -> check.id().value()).toArray());
    }

    /// Where a page begins: behind that check of that asset.
    record Cursor(UUID assetId, String check) {}

    /// By asset and check.
    ///
    /// @param accountId only that account's; null: all
    /// @param assetId only that asset's; null: all
    /// @param stale only what is stale, or only what is not; null: all
    List<CoverageView> page(
            @Nullable UUID accountId,
            @Nullable UUID assetId,
            @Nullable Boolean stale,
            @Nullable Cursor cursor,
            int limit) {
        var begin = cursor == null ? BEGINNING : cursor;
        return statement(PAGE)
                .param("stale", stale, Types.BOOLEAN)
                .param("account", accountId, Types.OTHER)
                .param("asset", assetId, Types.OTHER)
                .param("asset_after", begin.assetId())
                .param("check_after", begin.check())
                .param("limit", limit)
                .query(CoverageRepository::view)
                .list();
    }

    /// How many checks of assets owe an answer.
    ///
    /// @param filter one of coverage
    long stale(InsightFilter filter) {
        return statement(COUNT_STALE.formatted(filter.where()))
                .params(filter.params())
                .query(Long.class)
                .single();
    }

    private StatementSpec statement(String sql) {
        return jdbc.sql(sql)
                .param("catalog", catalog)
                .param("stale_after", properties.staleAfter())
                .param("assumed", properties.assumedInterval().toSeconds());
    }

    private static CoverageView view(ResultSet row, int number) throws SQLException {
        var results = new CoverageView.Results(
                row.getInt("pass"),
                row.getInt("fail"),
                row.getInt("not_applicable"),
                row.getInt("error"),
                row.getInt("not_permitted"));
        return new CoverageView(
                row.getObject("account_id", UUID.class),
                row.getObject("asset_id", UUID.class),
                row.getString("asset_name"),
                row.getString("checker"),
                row.getString("check_id"),
                results.worst(),
                results,
                Rows.time(row, "last_attempt"),
                Rows.timeOrNull(row, "last_completed"),
                row.getString("why"),
                row.getInt("withheld"),
                row.getBoolean("stale"));
    }
}
