package outrider.scheduler.dispatch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scheduler.Sql;

/// Answers the question: which published scans have been open for so long that somebody should look after them?
@Component
final class LongOpenScans {

    private static final String TAKE = """
            with lapsed as (
                select asset_id, checker
                  from scheduler.scope
                 where published_offset is not null
                   and lease_until <= :now
                 order by lease_until
                 limit :limit
                   for update skip locked
            )
            update scheduler.scope s
               set lease_until = :lease_until
              from lapsed l
             where s.asset_id = l.asset_id
               and s.checker = l.checker
            returning s.asset_id, s.checker, s.scan_id, s.sequence, s.scan_lane, s.attempted_at, s.expires_at
                    , s.topic, s.partition, s.published_offset, s.settled_at
            """;

    private static final String EXTEND = """
            with extended as (
                select s.asset_id, s.checker, t.lease_until, t.settled_at
                  from unnest(:assets, :checkers, :scans, :leases, :settled)
                       as t (asset_id, checker, scan_id, lease_until, settled_at)
                  join scheduler.scope s
                    on s.asset_id = t.asset_id and s.checker = t.checker and s.scan_id = t.scan_id
                 order by s.asset_id, s.checker
                   for update of s
            )
            update scheduler.scope s
               set lease_until = t.lease_until
                 , settled_at = t.settled_at
              from extended t
             where s.asset_id = t.asset_id
               and s.checker = t.checker
            """;

    private final JdbcClient jdbc;

    LongOpenScans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A published scan that is still open.
    ///
    /// @param settledAt since when its lane is known to have settled its job; null: as far as is known, it has not
    record LongOpen(
            UUID assetId,
            String checker,
            UUID scanId,
            long sequence,
            Lane lane,
            Instant attemptedAt,
            Instant expiresAt,
            TopicPartition place,
            long offset,
            @Nullable Instant settledAt) {}

    /// More time for an open scan.
    record Extension(
            LongOpen scan, Instant leaseUntil, @Nullable Instant settledAt) {}

    /// Takes scans whose lease has lapsed, so that until then no other replica looks after them.
    List<LongOpen> take(int limit, Instant now, Instant leaseUntil) {
        return jdbc.sql(TAKE)
                .param("now", Sql.at(now))
                .param("limit", limit)
                .param("lease_until", Sql.at(leaseUntil))
                .query(LongOpenScans::read)
                .list();
    }

    void extend(Collection<Extension> extensions) {
        if (extensions.isEmpty()) {
            return;
        }
        jdbc.sql(EXTEND)
                .param("assets", Sql.array("uuid", extensions, e -> e.scan().assetId()))
                .param("checkers", Sql.array("text", extensions, e -> e.scan().checker()))
                .param("scans", Sql.array("uuid", extensions, e -> e.scan().scanId()))
                .param("leases", Sql.array("timestamptz", extensions, Extension::leaseUntil))
                .param("settled", Sql.array("timestamptz", extensions, Extension::settledAt))
                .update();
    }

    private static LongOpen read(ResultSet row, int number) throws SQLException {
        return new LongOpen(
                row.getObject("asset_id", UUID.class),
                row.getString("checker"),
                row.getObject("scan_id", UUID.class),
                row.getLong("sequence"),
                Lane.of(row.getString("scan_lane")),
                Sql.instant(row, "attempted_at"),
                Sql.instant(row, "expires_at"),
                new TopicPartition(row.getString("topic"), row.getInt("partition")),
                row.getLong("published_offset"),
                Sql.instantOrNull(row, "settled_at"));
    }
}
