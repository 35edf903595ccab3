package outrider.scheduler.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;
import outrider.scheduler.due.QueuedScan;

/// Which open scans have reached Kafka, and where each lies there.
@Component
final class Publications {

    private static final String TAKE_UNPUBLISHED = """
            with lapsed as (
                select asset_id, checker
                  from scheduler.scope
                 where scan_id is not null
                   and published_offset is null
                   and (lease_until <= :now or lease_until > :ahead)
                 order by lease_until
                 limit :limit
                   for update skip locked
            )
            update scheduler.scope s
               set lease_until = :lease_until
              from lapsed l
              join scheduler.asset a on a.id = l.asset_id
             where s.asset_id = l.asset_id
               and s.checker = l.checker
            returning s.asset_id, s.account_id, a.kind, a.name, a.endpoints, s.checker, s.sequence, s.attempted_at
                    , s.scan_id, s.scan_lane, s.scan_lengthy, s.expires_at
            """;

    private static final String MARK = """
            with published as (
                select s.asset_id, s.checker, p.topic, p.partition, p.published_offset
                  from unnest(:assets, :checkers, :scans, :topics, :partitions, :offsets)
                       as p (asset_id, checker, scan_id, topic, partition, published_offset)
                  join scheduler.scope s
                    on s.asset_id = p.asset_id and s.checker = p.checker and s.scan_id = p.scan_id
                 order by s.asset_id, s.checker
                   for update of s
            )
            update scheduler.scope s
               set topic = p.topic
                 , partition = p.partition
                 , published_offset = p.published_offset
                 , lease_until = :lease_until
              from published p
             where s.asset_id = p.asset_id
               and s.checker = p.checker
            """;

    private static final String RELEASE = """
            with unpublished as (
                select s.asset_id, s.checker
                  from unnest(:assets, :checkers, :scans) as t (asset_id, checker, scan_id)
                  join scheduler.scope s
                    on s.asset_id = t.asset_id and s.checker = t.checker and s.scan_id = t.scan_id
                 where s.published_offset is null
                 order by s.asset_id, s.checker
                   for update of s
            )
            update scheduler.scope s
               set lease_until = :now
              from unpublished u
             where s.asset_id = u.asset_id
               and s.checker = u.checker
            """;

    private final JdbcClient jdbc;

    Publications(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A scan and where its job lies in Kafka.
    record Publication(QueuedScan scan, RecordMetadata place) {}

    /// Takes over scans whose claim has lapsed before they were known to be published, or was made by a clock that
    /// has been set back since. They may be published already.
    List<QueuedScan> takeUnpublished(int limit, Instant now, Duration lease) {
        return jdbc.sql(TAKE_UNPUBLISHED)
                .param("now", Sql.at(now))
                .param("ahead", Sql.at(now.plus(lease.multipliedBy(2))))
                .param("limit", limit)
                .param("lease_until", Sql.at(now.plus(lease)))
                .query(QueuedScan::from)
                .list();
    }

    /// Notes where scans were published; not for one that has ended meanwhile.
    void mark(Collection<Publication> published, Instant leaseUntil) {
        if (published.isEmpty()) {
            return;
        }
        jdbc.sql(MARK)
                .param(
                        "assets",
                        Sql.array("uuid", published, p -> p.scan().job().assetId()))
                .param(
                        "checkers",
                        Sql.array("text", published, p -> p.scan().job().checker()))
                .param("scans", Sql.array("uuid", published, p -> p.scan().job().scanId()))
                .param("topics", Sql.array("text", published, p -> p.place().topic()))
                .param("partitions", Sql.array("int", published, p -> p.place().partition()))
                .param("offsets", Sql.array("bigint", published, p -> p.place().offset()))
                .param("lease_until", Sql.at(leaseUntil))
                .update();
    }

    /// Lets go of scans that could not be published, so that the next round, here or elsewhere, tries again at
    /// once.
    void release(Collection<QueuedScan> scans, Instant now) {
        jdbc.sql(RELEASE)
                .param("assets", Sql.array("uuid", scans, scan -> scan.job().assetId()))
                .param("checkers", Sql.array("text", scans, scan -> scan.job().checker()))
                .param("scans", Sql.array("uuid", scans, scan -> scan.job().scanId()))
                .param("now", Sql.at(now))
                .update();
    }
}
