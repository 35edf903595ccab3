package outrider.scheduler.inventory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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

    /// As long as records come, it is not swept.
    private static final String GOES_ON = """
            update scheduler.record_generation set since = :now where generation = :generation and state = 'loading'
            """;

    private static final String RETIRE = """
            update scheduler.record_generation set state = 'old', since = :now where asset_id = any (:assets) and state = 'current'
            """;

    private static final String GIVE_UP = """
            update scheduler.record_generation set state = 'old', since = :now where generation = :generation and state = 'loading'
            """;

    private static final String ENTHRONE = """
            update scheduler.record_generation
               set state = 'current', since = :now, records = :records, digest = :digest
             where generation = :generation
               and state = 'loading'
            """;

    private static final String SAME = """
            select exists (select from scheduler.record_generation where asset_id = :asset and state = 'current' and digest = :digest)
            """;

    private static final String COUNT = "update scheduler.asset set records = :records where id = :asset";

    private static final String CURRENT = """
            select generation, records from scheduler.record_generation where asset_id = :asset and state = 'current'
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

    private static final String ANY_OF = """
            select g.generation
              from scheduler.record_generation g
              join scheduler.asset a on a.id = g.asset_id
             where a.account_id = :account
             order by g.generation
             limit 1
               for update of g
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
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final Clock clock;

    Records(
            JdbcClient jdbc,
            AssetRepository assets,
            Scopes scopes,
            Outbox outbox,
            TransactionTemplate transactions,
            Clock clock) {
        this.jdbc = jdbc;
        this.assets = assets;
        this.scopes = scopes;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// A record with its place in its generation, from 1.
    record Placed(int position, ZoneRecord record) {}

    /// The records of one import: numbered from 1 to that many.
    record Generation(long id, int records) {}

    /// Begins a new generation of a zone's records, which nobody sees before it is finished.
    Loading load(Asset zone) {
        return new Loading(
                zone,
                jdbc.sql(BEGIN)
                        .param("asset", zone.id())
                        .param("now", Sql.at(clock.instant()))
                        .query(Long.class)
                        .single());
    }

    /// A generation that is being loaded. Closed before it is finished, it never was.
    final class Loading implements AutoCloseable {

        private final Asset zone;
        private final long generation;
        private final MessageDigest digest = sha256();
        private final List<ZoneRecord> batch = new ArrayList<>();
        private int written;
        private boolean finished;

        private Loading(Asset zone, long generation) {
            this.zone = zone;
            this.generation = generation;
        }

        void add(ZoneRecord record) {
            if (written + batch.size() == MOST) {
                throw ProblemException.tooLarge(
                        "body", "has more than %,d records, the most for a zone".formatted(MOST));
            }
            batch.add(record);
            digest.update((record + "\n").getBytes(StandardCharsets.UTF_8));
            if (batch.size() == BATCH) {
                write();
            }
        }

        /// Replaces the zone's records; the zone is due unless they are the same as before. How many there are now,
        /// or nothing if the zone is no more.
        Optional<Integer> finish() {
            write();
            var content = digest.digest();
            finished = Boolean.TRUE.equals(transactions.execute(status -> enthrone(content)));
            return finished ? Optional.of(written) : Optional.empty();
        }

        private boolean enthrone(byte[] content) {
            var now = assets.lock(zone.id());
            if (now.isEmpty()) {
                return false;
            }
            if (!now.get().name().equals(zone.name())) {
                throw ProblemException.conflict("%s has meanwhile been renamed to %s; its records are as they were."
                        .formatted(zone.name(), now.get().name()));
            }
            replace(content, clock.instant());
            return true;
        }

        private void replace(byte[] content, Instant now) {
            var same = jdbc.sql(SAME)
                    .param("asset", zone.id())
                    .param("digest", content)
                    .query(Boolean.class)
                    .single();
            retire(List.of(zone.id()), now);
            requireLoading(jdbc.sql(ENTHRONE)
                    .param("generation", generation)
                    .param("records", written)
                    .param("digest", content)
                    .param("now", Sql.at(now))
                    .update());
            count(zone.id(), written);
            if (!same) {
                scopes.hasten(zone.id(), now);
                outbox.add(List.of(assets.revise(zone.id()).published()));
            }
        }

        private void write() {
            if (!batch.isEmpty()) {
                transactions.executeWithoutResult(status -> {
                    requireLoading(jdbc.sql(GOES_ON)
                            .param("generation", generation)
                            .param("now", Sql.at(clock.instant()))
                            .update());
                    add();
                });
                written += batch.size();
                batch.clear();
            }
        }

        private void add() {
            jdbc.sql(ADD)
                    .param("generation", generation)
                    .param("first", written)
                    .param("names", Sql.array("text", batch, ZoneRecord::name))
                    .param("types", Sql.array("text", batch, ZoneRecord::type))
                    .param("ttls", Sql.array("bigint", batch, ZoneRecord::ttl))
                    .param("datas", Sql.array("text", batch, ZoneRecord::data))
                    .update();
        }

        private void requireLoading(int found) {
            if (found == 0) {
                throw ProblemException.conflict(
                        "The import stood still for too long and was given up; the records are as they were. Try again.");
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

    /// Lets go of the records of an asset that stays. Callers bring the transaction and have locked the asset.
    void drop(UUID asset, Instant now) {
        retire(List.of(asset), now);
        count(asset, 0);
    }

    private void count(UUID asset, int records) {
        jdbc.sql(COUNT).param("records", records).param("asset", asset).update();
    }

    /// The generation that a zone has now; none if it has no records.
    Optional<Generation> current(UUID asset) {
        return jdbc.sql(CURRENT)
                .param("asset", asset)
                .query((row, number) -> new Generation(row.getLong("generation"), row.getInt("records")))
                .optional();
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
                .map(generation -> sweep(generation) >= 0)
                .orElse(false)));
    }

    /// Deletes some records of an account, whoever reads them or is loading them; answers how many, nothing when no
    /// generation of its assets was left. Callers bring the transaction.
    OptionalInt sweepSomeOf(UUID account) {
        return jdbc.sql(ANY_OF)
                .param("account", account)
                .query(Long.class)
                .optional()
                .map(this::sweep)
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    private int sweep(long generation) {
        // Who was loading it may come back, and must find that it is going.
        jdbc.sql(GIVE_UP)
                .param("generation", generation)
                .param("now", Sql.at(clock.instant().minus(GRACE).minusSeconds(1)))
                .update();
        var deleted = jdbc.sql(SWEEP_SOME)
                .param("generation", generation)
                .param("limit", SWEEP)
                .update();
        if (deleted < SWEEP) {
            jdbc.sql(FORGET).param("generation", generation).update();
        }
        return deleted;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
