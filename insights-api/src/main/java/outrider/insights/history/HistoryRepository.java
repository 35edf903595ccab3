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

/// The partitions of `insights.insight_event`.
@Component
final class HistoryRepository {

    // A call, and no DDL of this session: the driver would forget every statement it has prepared.
    private static final String KEEP = """
            select made, dropped, put_off, stray, covered
              from insights.keep_history(:seconds * interval '1 second', :ahead, :today)
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

    private static Kept kept(ResultSet row, int number) throws SQLException {
        return new Kept(
                row.getInt("made"),
                row.getInt("dropped"),
                row.getInt("put_off"),
                row.getLong("stray"),
                row.getObject("covered", OffsetDateTime.class).toInstant());
    }
}
