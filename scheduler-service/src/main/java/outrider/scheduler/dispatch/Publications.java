package outrider.scheduler.dispatch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;
import outrider.scheduler.due.QueuedScan;

/// Which batches of scans have reached Kafka, and where the job of each scan lies there.
@Component
final class Publications {

    /// The lock skips what others hold, so that it waits for nobody.
    private static final String TAKE = """
            update scheduler.batch b
               set lease_until = :lease_until
             where b.batch = (select batch
                                from scheduler.batch
                               where not published
                                 and lease_until <= :now
                               order by lease_until
                               limit 1
                                 for update skip locked)
            returning b.batch
            """;

    private static final String UNPUBLISHED = """
            select s.asset_id, s.account_id, a.kind, a.name, a.endpoints, a.revision, k.checker, s.sequence, s.attempted_at, s.scan_id
                 , o.batch, o.ordinal, b.lane as scan_lane, o.lengthy as scan_lengthy, o.expires_at
              from scheduler.batch b
              join scheduler.open_scan o on o.batch = b.batch
              join scheduler.scope s on s.asset_id = o.asset_id and s.checker = o.checker and s.batch = o.batch and s.ordinal = o.ordinal
              join scheduler.asset a on a.id = s.asset_id
              join scheduler.checker k on k.number = s.checker
             where b.batch = :batch
               and b.offsets[o.ordinal] is null
               and o.moved_topic is null
             order by o.ordinal
            """;

    private static final String FIND =
            "select partitions, offsets from scheduler.batch where batch = :batch for update";

    private static final String MARK = """
            update scheduler.batch
               set published = :published, topic = :topic, partitions = :partitions, offsets = :offsets, lease_until = :lease_until
             where batch = :batch
            """;

    private static final String CLAMP = """
            update scheduler.batch
               set lease_until = :now
             where batch in (select batch
                               from scheduler.batch
                              where lease_until > case when published then :published::timestamptz else :unpublished::timestamptz end
                                for update skip locked)
            """;

    private final JdbcClient jdbc;

    Publications(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Where the jobs of a batch lie: of the nth scan the nth; null for one that is not known to be there.
    private record Places(
            @Nullable Integer[] partitions, @Nullable Long[] offsets) {

        static Places of(int size) {
            return new Places(new Integer[size], new Long[size]);
        }

        static Places read(ResultSet row, int number) throws SQLException {
            var partitions = row.getArray("partitions");
            return partitions == null
                    ? of(0)
                    : new Places((Integer[]) partitions.getArray(), (Long[])
                            row.getArray("offsets").getArray());
        }

        Places with(List<QueuedScan> scans, List<Optional<RecordMetadata>> acknowledged) {
            var size = Math.max(
                    partitions.length,
                    scans.stream().mapToInt(QueuedScan::ordinal).max().orElse(0));
            var all = of(size);
            System.arraycopy(partitions, 0, all.partitions, 0, partitions.length);
            System.arraycopy(offsets, 0, all.offsets, 0, offsets.length);
            for (var i = 0; i < scans.size(); i++) {
                var at = scans.get(i).ordinal() - 1;
                acknowledged.get(i).ifPresent(place -> {
                    all.partitions[at] = place.partition();
                    all.offsets[at] = place.offset();
                });
            }
            return all;
        }
    }

    /// Takes over the scans of a batch whose claim has lapsed before all of them were known to be published:
    /// those of them that are open and not known to be. They may be published already. Empty when there is no
    /// such batch. Callers bring the transaction.
    Optional<List<QueuedScan>> takeUnpublished(Instant now, Duration lease) {
        return jdbc.sql(TAKE)
                .param("now", Sql.at(now))
                .param("lease_until", Sql.at(now.plus(lease)))
                .query(Long.class)
                .optional()
                .map(batch -> unpublished(batch, now));
    }

    private List<QueuedScan> unpublished(long batch, Instant now) {
        var scans = jdbc.sql(UNPUBLISHED)
                .param("batch", batch)
                .query(QueuedScan::from)
                .list();
        if (scans.isEmpty()) {
            jdbc.sql("update scheduler.batch set published = true, lease_until = :now where batch = :batch")
                    .param("batch", batch)
                    .param("now", Sql.at(now))
                    .update();
        }
        return scans;
    }

    /// Notes where scans of one batch were published. Those that were not are due for another try at once, here
    /// or elsewhere. Callers bring the transaction.
    ///
    /// @param acknowledged where each of them lies; empty for one that perhaps does not
    /// @param lookAfter when the sweeper looks at the batch, if all are there
    void mark(
            List<QueuedScan> scans,
            String topic,
            List<Optional<RecordMetadata>> acknowledged,
            Instant now,
            Instant lookAfter) {
        var batch = scans.getFirst().batch();
        var complete = acknowledged.stream().allMatch(Optional::isPresent);
        jdbc.sql(FIND).param("batch", batch).query(Places::read).optional().ifPresent(before -> {
            var places = before.with(scans, acknowledged);
            jdbc.sql(MARK)
                    .param("batch", batch)
                    .param("published", complete)
                    .param("topic", topic)
                    .param("partitions", Sql.array("int", places.partitions()))
                    .param("offsets", Sql.array("bigint", places.offsets()))
                    .param("lease_until", Sql.at(complete ? lookAfter : now))
                    .update();
        });
    }

    /// Corrects what was leased by a clock that has been set back since: no lease is longer than these.
    void clamp(Instant now, Duration unpublished, Duration published) {
        jdbc.sql(CLAMP)
                .param("now", Sql.at(now))
                .param("unpublished", Sql.at(now.plus(unpublished)))
                .param("published", Sql.at(now.plus(published)))
                .update();
    }
}
