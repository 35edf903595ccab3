package outrider.insights.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.scan.AuditRecord;
import outrider.scan.Wire;
import tools.jackson.core.type.TypeReference;

/// The table `audit`.
@Component
public final class AuditRepository {

    private static final String SAVE = """
            insert into insights.audit (id, at, service, replica, actor, action, target, before, after)
            select id, at, service, replica, actor, action, target, before::json, after::json
              from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                   as given (id, at, service, replica, actor, action, target, before, after)
                on conflict (id) do nothing
            """;

    private static final String PAGE = """
            select *
              from insights.audit
             where (at, id) < (:at_before, :id_before)
               and (cast(:actor as text) is null or actor = :actor)
               and (cast(:action as text) is null or action = :action)
               and (cast(:target as text) is null or target = :target)
               and (cast(:since as timestamptz) is null or at >= :since)
             order by at desc, id desc
             limit :limit
            """;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /// Nothing that is stored is later.
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private final JdbcClient jdbc;

    public AuditRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Which entries one means: those that match all that is given.
    record Filter(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String target,
            @Nullable Instant since) {}

    /// Where a page begins: behind that entry.
    record Cursor(Instant at, UUID id) {

        static final Cursor BEGINNING = new Cursor(LATEST, new UUID(-1, -1));
    }

    /// Keeps the entries; one that is there already stays as it is.
    public void save(List<AuditRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        jdbc.sql(SAVE)
                .param(array("uuid", records, AuditRecord::id))
                .param(array("timestamptz", records, AuditRecord::at))
                .param(array("text", records, AuditRecord::service))
                .param(array("text", records, AuditRecord::replica))
                .param(array("text", records, AuditRecord::actor))
                .param(array("text", records, AuditRecord::action))
                .param(array("text", records, AuditRecord::target))
                .param(array("text", records, record -> json(record.before())))
                .param(array("text", records, record -> json(record.after())))
                .update();
    }

    /// The newest first.
    List<AuditRecord> page(Filter filter, Cursor cursor, int limit) {
        var since = filter.since();
        return jdbc.sql(PAGE)
                .param("at_before", time(cursor.at()))
                .param("id_before", cursor.id())
                .param("actor", filter.actor(), Types.VARCHAR)
                .param("action", filter.action(), Types.VARCHAR)
                .param("target", filter.target(), Types.VARCHAR)
                .param("since", since == null ? null : time(since), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("limit", limit)
                .query(AuditRepository::entry)
                .list();
    }

    private static AuditRecord entry(ResultSet row, int number) throws SQLException {
        return new AuditRecord(
                row.getObject("id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("service"),
                row.getString("replica"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("target"),
                object(row.getString("before")),
                object(row.getString("after")));
    }

    /// The database's time ends long before Java's.
    private static OffsetDateTime time(Instant time) {
        var earliest = time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
        return (earliest.isAfter(LATEST) ? LATEST : earliest).atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String json(@Nullable Map<String, Object> object) {
        return object == null ? null : Wire.JSON.writeValueAsString(object);
    }

    private static @Nullable Map<String, Object> object(@Nullable String json) {
        return json == null ? null : Wire.JSON.readValue(json, OBJECT);
    }

    private static SqlArrayValue array(
            String type, List<AuditRecord> rows, Function<AuditRecord, @Nullable Object> column) {
        return new SqlArrayValue(type, rows.stream().map(column).toArray());
    }
}
