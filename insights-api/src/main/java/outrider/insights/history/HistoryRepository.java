package outrider.insights.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The partitions of `insights.insight_event`, and what leaves beside them.
@Component
final class HistoryRepository {

    // A call, and no DDL of this session: the driver would forget every statement it has prepared.
    private static final String KEEP = """
            select made, dropped, put_off, stray, covered
              from insights.keep_history(:seconds * interval '1 second', :ahead, :today)
            """;

    private static final String FORGET =
            "select insights.forget_resolved(:seconds * interval '1 second', :today, :at_most)";

    /// Scopes that go on although their asset or account is gone: none should be there.
    private static final String FORGOTTEN_SCOPES = """
            insert into insights.removal (account_id, asset_id, revision, deleted)
            select distinct a.account_id, a.id, a.revision, true
              from insights.asset a
              join insights.scope s on s.account_id = a.account_id and s.asset_id = a.id
             where a.deleted
               and not s.removed
               and not exists (select from insights.removal r where r.account_id = a.account_id and r.asset_id = a.id)
            """;

    private static final String FORGOTTEN_ACCOUNTS = """
            update insights.account c
               set erased = '{}'
             where c.deleted
               and c.erased is null
               and exists (select from insights.scope s where s.account_id = c.id)
            """;

    private final JdbcClient jdbc;

    HistoryRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// What was done.
    ///
    /// @param made how many partitions
    /// @param dropped how many, with all their events
    /// @param putOff how many of both must wait for whoever holds a table
    /// @param stray how many events found no month of their own
    /// @param covered until when there are months
    record Kept(int made, int dropped, int putOff, long stray, Instant covered) {}

    /// Makes the partitions that are missing and drops those that are too old; nothing if another replica is at it.
    Optional<Kept> keep(Duration retain, int monthsAhead, Instant today) {
        return jdbc.sql(KEEP)
                .param("seconds", retain.toSeconds())
                .param("ahead", monthsAhead)
                .param("today", today.atOffset(ZoneOffset.UTC))
                .query(HistoryRepository::kept)
                .optional();
    }

    /// Deletes some insights that have been resolved for longer than that.
    ///
    /// @return how many
    long forgetResolved(Duration retain, Instant today, int atMost) {
        return jdbc.sql(FORGET)
                .param("seconds", retain.toSeconds())
                .param("today", today.atOffset(ZoneOffset.UTC))
                .param("at_most", atMost)
                .query(Long.class)
                .single();
    }

    /// Notes again what is gone and still has scopes; answers how many assets and accounts that were.
    int noteForgotten() {
        return jdbc.sql(FORGOTTEN_SCOPES).update()
                + jdbc.sql(FORGOTTEN_ACCOUNTS).update();
    }

    private static Kept kept(ResultSet row, int number) throws SQLException {
        return new Kept(
                row.getInt("made"),
                row.getInt("dropped"),
                row.getInt("put_off"),
                row.getLong("stray"),
                row.getObject("covered", OffsetDateTime.class).toInstant());
    }
}
