package outrider.scheduler.inventory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scheduler.Sql;
import outrider.scheduler.due.Scopes;
import outrider.web.ProblemException;

/// The records of zones, as stored. A new generation of a zone's records replaces the one before in one moment;
/// whoever is reading goes on with what they began with.
@Component
final class Records {

    /// The most records of a zone.
    static final int MOST = 500_000;

    private static final int BATCH = 5_000;
    private static final int PAGE = 1_000;
    private static final int SWEEP = 20_000;
    /// Somebody may still be reading what is old, and loading what is not finished.
    private static final Duration GRACE = Duration.ofHours(6);

    private static final String BEGIN = """
            insert into scheduler.record_generation (asset_id, state, since) values (:asset, 'loading', :now) returning generation
            """;

    private static final String ADD = """
            insert into scheduler.record (generation, position, name, type, ttl, data)
            select :generation, :first + place, name, type, ttl, data
              from unnest(:names, :types, :ttls, :datas) with ordinality as t (name, type, ttl, data, place)
            """;

    private static final String RETIRE = """
            update scheduler.record_generation set state = 'old', since = :now where asset_id = any (:assets) and state = 'current'
            """;

    private static final String GIVE_UP = """
            update scheduler.record_generation set state = 'old', since = :now where generation = :generation and state = 'loading'
            """;

    private static final String ENTHRONE = """
            update scheduler.record_generation set state = 'current', since = :now where generation = :generation
            """;

    private static final String COUNT = "update scheduler.asset set records = :records where id = :asset";

    private static final String CURRENT = """
            select generation from scheduler.record_generation where asset_id = :asset and state = 'current'
            """;

    private static final String SOME = """
            select position, name, type, ttl, data
              from scheduler.record
             where generation = :generation
               and position > :after
             order by position
             limit :limit
            """;

    private static final String SWEEPABLE = """
            select generation
              from scheduler.record_generation
             where state <> 'current'
               and since < :before
             order by generation
             limit 1
               for update skip locked
            """;

    private static final String SWEEP_SOME = """
            delete from scheduler.record
             where generation = :generation
               and position in (select position from scheduler.record where generation = :generation order by position limit :limit)
            """;

    private static final String FORGET = "delete from scheduler.record_generation where generation = :generation";

    private final JdbcClient jdbc;
    private final AssetRepository assets;
    private final Scopes scopes;
    private final TransactionTemplate transactions;
    private final Clock clock;

    Records(JdbcClient jdbc, AssetRepository assets, Scopes scopes, TransactionTemplate transactions, Clock clock) {
        this.jdbc = jdbc;
        this.assets = assets;
        this.scopes = scopes;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// A record with its place in its generation, from 1.
    record Placed(int position, ZoneRecord record) {}

    /// Begins a new generation of a zone's records, which nobody sees before it is finished.
    Loading load(UUID asset) {
        return new Loading(
                asset,
                jdbc.sql(BEGIN)
                        .param("asset", asset)
                        .param("now", Sql.at(clock.instant()))
                        .query(Long.class)
                        .single());
    }

    /// A generation that is being loaded. Closed before it is finished, it never was.
    final class Loading implements AutoCloseable {

        private final UUID asset;
        private final long generation;
        private final List<ZoneRecord> batch = new ArrayList<>();
        private int written;
        private boolean finished;

        private Loading(UUID asset, long generation) {
            this.asset = asset;
            this.generation = generation;
        }

        void add(ZoneRecord record) {
            if (written + batch.size() == MOST) {
                throw ProblemException.tooLarge(
                        "body", "has more than %,d records, the most for a zone".formatted(MOST));
            }
            batch.add(record);
            if (batch.size() == BATCH) {
                write();
            }
        }

        /// Replaces the zone's records and makes the zone due; how many there are now, or nothing if it is no more.
        Optional<Integer> finish() {
            write();
            finished = Boolean.TRUE.equals(transactions.execute(status -> {
                if (assets.lock(asset).isEmpty()) {
                    return false;
                }
                var now = clock.instant();
                retire(List.of(asset), now);
                jdbc.sql(ENTHRONE)
                        .param("generation", generation)
                        .param("now", Sql.at(now))
                        .update();
                jdbc.sql(COUNT).param("records", written).param("asset", asset).update();
                scopes.hasten(asset, now);
                return true;
            }));
            return finished ? Optional.of(written) : Optional.empty();
        }

        private void write() {
            if (!batch.isEmpty()) {
                jdbc.sql(ADD)
                        .param("generation", generation)
                        .param("first", written)
                        .param("names", Sql.array("text", batch, ZoneRecord::name))
                        .param("types", Sql.array("text", batch, ZoneRecord::type))
                        .param("ttls", Sql.array("bigint", batch, ZoneRecord::ttl))
                        .param("datas", Sql.array("text", batch, ZoneRecord::data))
                        .update();
                written += batch.size();
                batch.clear();
            }
        }

        @Override
        public void close() {
            if (!finished) {
                jdbc.sql(GIVE_UP)
                        .param("generation", generation)
                        .param("now", Sql.at(clock.instant()))
                        .update();
            }
        }
    }

    /// Lets go of the records of assets that are no more. Callers bring the transaction.
    void retire(Collection<UUID> gone, Instant now) {
        jdbc.sql(RETIRE)
                .param("assets", Sql.array("uuid", gone, id -> id))
                .param("now", Sql.at(now))
                .update();
    }

    /// The generation that a zone has now; none if it has no records.
    Optional<Long> current(UUID asset) {
        return jdbc.sql(CURRENT).param("asset", asset).query(Long.class).optional();
    }

    /// The next records of a generation, a thousand at most.
    List<Placed> page(long generation, int after) {
        return jdbc.sql(SOME)
                .param("generation", generation)
                .param("after", after)
                .param("limit", PAGE)
                .query((row, number) -> new Placed(
                        row.getInt("position"),
                        new ZoneRecord(
                                row.getString("name"),
                                row.getString("type"),
                                row.getLong("ttl"),
                                row.getString("data"))))
                .list();
    }

    /// One round: deletes some of what is no longer wanted.
    ///
    /// @return whether there is more to do at once
    boolean sweep() {
        return Boolean.TRUE.equals(transactions.execute(status -> jdbc.sql(SWEEPABLE)
                .param("before", Sql.at(clock.instant().minus(GRACE)))
                .query(Long.class)
                .optional()
                .map(this::sweep)
                .orElse(false)));
    }

    private boolean sweep(long generation) {
        var deleted = jdbc.sql(SWEEP_SOME)
                .param("generation", generation)
                .param("limit", SWEEP)
                .update();
        if (deleted < SWEEP) {
            jdbc.sql(FORGET).param("generation", generation).update();
        }
        return true;
    }
}
