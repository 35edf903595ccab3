package outrider.scheduler.dispatch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scheduler.Sql;

/// Answers the question: which published scans have been open for so long that the sweeper should look at them?
/// They come by the batch they were published in. Callers bring the transaction.
@Component
final class LongOpenScans {

    /// The lock skips what others hold, so that it waits for nobody.
    private static final String TAKE = """
            update scheduler.batch
               set lease_until = :lease_until
             where batch in (select batch
                               from scheduler.batch
                              where published
                                and lease_until <= :now
                              order by lease_until
                              limit :limit
                                for update skip locked)
            returning batch, lane, topic, partitions, offsets
            """;

    private static final String OPEN = """
            select o.batch, o.ordinal, s.asset_id, s.checker, s.scan_id, s.sequence, s.attempted_at, o.lengthy, o.expires_at, o.settled_at
                 , o.moved_lane, o.moved_topic, o.moved_partition, o.moved_offset
              from scheduler.open_scan o
              join scheduler.scope s on s.asset_id = o.asset_id and s.checker = o.checker and s.batch = o.batch and s.ordinal = o.ordinal
             where o.batch = any (:batches)
            """;

    private static final String SETTLE = """
            update scheduler.open_scan o
               set settled_at = :now
              from unnest(:batches, :ordinals) as t (batch, ordinal)
             where o.batch = t.batch
               and o.ordinal = t.ordinal
            """;

    private static final String LOOK_AGAIN = """
            update scheduler.batch b
               set lease_until = t.lease_until
              from unnest(:batches, :leases) as t (batch, lease_until)
             where b.batch = t.batch
            """;

    private static final String END = """
            delete from scheduler.batch b
             where b.batch = any (:batches)
               and not exists (select from scheduler.open_scan o where o.batch = b.batch)
            """;

    private final JdbcClient jdbc;

    LongOpenScans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A batch and those of its scans that are still open.
    record Batch(long batch, List<LongOpen> open) {}

    /// A published scan that is still open.
    ///
    /// @param lane whose consumer group reads it where it lies
    /// @param place null: it is not known where it lies
    /// @param settledAt since when its lane is known to have settled its job; null: as far as is known, it has
    /// not
    record LongOpen(
            long batch,
            int ordinal,
            UUID assetId,
            short checker,
            UUID scanId,
            long sequence,
            Lane lane,
            Instant attemptedAt,
            boolean lengthy,
            Instant expiresAt,
            @Nullable TopicPartition place,
            long offset,
            @Nullable Instant settledAt) {}

    private record Taken(long batch, Lane lane, @Nullable String topic, Integer[] partitions, Long[] offsets) {

        static Taken read(ResultSet row, int number) throws SQLException {
            var partitions = row.getArray("partitions");
            var offsets = row.getArray("offsets");
            return new Taken(
                    row.getLong("batch"),
                    Lane.of(row.getString("lane")),
                    row.getString("topic"),
                    partitions == null ? new Integer[0] : (Integer[]) partitions.getArray(),
                    offsets == null ? new Long[0] : (Long[]) offsets.getArray());
        }

        LongOpen open(ResultSet row) throws SQLException {
            var ordinal = row.getInt("ordinal");
            var moved = row.getString("moved_topic");
            var known = topic != null && ordinal <= offsets.length && offsets[ordinal - 1] != null;
            return new LongOpen(
                    batch,
                    ordinal,
                    row.getObject("asset_id", UUID.class),
                    row.getShort("checker"),
                    row.getObject("scan_id", UUID.class),
                    row.getLong("sequence"),
                    moved == null ? lane : Lane.of(row.getString("moved_lane")),
                    Sql.instant(row, "attempted_at"),
                    row.getBoolean("lengthy"),
                    Sql.instant(row, "expires_at"),
                    moved != null
                            ? new TopicPartition(moved, row.getInt("moved_partition"))
                            : known ? new TopicPartition(topic, partitions[ordinal - 1]) : null,
                    moved != null ? row.getLong("moved_offset") : known ? offsets[ordinal - 1] : 0,
                    Sql.instantOrNull(row, "settled_at"));
        }
    }

    /// Takes batches whose lease has lapsed, so that until then no other replica looks at them.
    List<Batch> take(int limit, Instant now, Instant leaseUntil) {
        var taken = jdbc
                .sql(TAKE)
                .param("now", Sql.at(now))
                .param("limit", limit)
                .param("lease_until", Sql.at(leaseUntil))
                .query(Taken::read)
                .list()
                .stream()
                .collect(Collectors.toMap(Taken::batch, Function.identity()));
        var open = jdbc
                .sql(OPEN)
                .param("batches", Sql.array("bigint", taken.keySet(), batch -> batch))
                .query((row, number) ->
                        Objects.requireNonNull(taken.get(row.getLong("batch"))).open(row))
                .list()
                .stream()
                .collect(Collectors.groupingBy(LongOpen::batch));
        return taken.keySet().stream()
                .map(batch -> new Batch(batch, open.getOrDefault(batch, List.of())))
                .toList();
    }

    /// Notes that the lanes are done with the jobs of these scans, whose scopes the caller has locked.
    void settle(Collection<LongOpen> scans, Instant now) {
        if (scans.isEmpty()) {
            return;
        }
        jdbc.sql(SETTLE)
                .param("now", Sql.at(now))
                .param("batches", Sql.array("bigint", scans, LongOpen::batch))
                .param("ordinals", Sql.array("int", scans, LongOpen::ordinal))
                .update();
    }

    /// Says when to look at which of the batches taken again.
    void lookAgain(Map<Long, Instant> batches) {
        jdbc.sql(LOOK_AGAIN)
                .param("batches", Sql.array("bigint", batches.keySet(), batch -> batch))
                .param("leases", Sql.array("timestamptz", batches.values(), at -> at))
                .update();
    }

    /// Forgets those of the batches taken that have no open scan left.
    void end(Collection<Long> batches) {
        jdbc.sql(END)
                .param("batches", Sql.array("bigint", batches, batch -> batch))
                .update();
    }
}
