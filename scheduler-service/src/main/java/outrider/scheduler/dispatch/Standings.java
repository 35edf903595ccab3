package outrider.scheduler.dispatch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// Answers the question: where does an asset stand with each checker, and why is it not being scanned just now?
@Component
final class Standings {

    private static final int MAX_COUNTED = 10_000;

    /// Counting who is before a scope has its bound: beyond it only the order of magnitude matters.
    private static final String OF = """
            select s.*, p.paused, p.per_second, p.backlog
                 , case when s.scan_id is null and s.next_due <= :now
                        then (select count(*)
                                from (select from scheduler.scope o
                                       where o.scan_id is null and o.next_due < s.next_due
                                       limit :most) before)
                   end as before
              from scheduler.standing s
             cross join scheduler.pace p
             where s.asset_id = :asset
             order by s.checker
            """;

    private final JdbcClient jdbc;
    private final DispatchProperties properties;
    private final Clock clock;

    Standings(JdbcClient jdbc, DispatchProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
    }

    /// Where an asset stands with a checker.
    ///
    /// @param state `waiting` until it is due, `due`, `queued`, `running`, or `retired`
    /// @param why in one sentence, for people
    /// @param nextDue null where its checker is no longer in the catalogue
    /// @param open the scan that is open
    /// @param last the last one that was closed
    /// @param usualMillis how long a scan usually runs; it decides the lane
    record Standing(
            String checker,
            String state,
            String why,
            @Nullable Instant nextDue,
            @Nullable Open open,
            @Nullable Last last,
            @Nullable Long usualMillis) {}

    /// An open scan; without a place Kafka is not known to have it.
    record Open(
            UUID scanId,
            String lane,
            Instant requestedAt,
            @Nullable Instant startedAt,
            @Nullable Place place) {}

    /// Where a job lies in Kafka.
    record Place(String topic, int partition, long offset) {}

    /// A closed scan.
    record Last(
            UUID scanId,
            String outcome,
            @Nullable String why,
            Instant closedAt,
            @Nullable Instant lastReportedAt) {}

    List<Standing> of(UUID asset) {
        var now = clock.instant();
        return jdbc.sql(OF)
                .param("asset", asset)
                .param("now", Sql.at(now))
                .param("most", MAX_COUNTED)
                .query((row, number) -> standing(row, now))
                .list();
    }

    private Standing standing(ResultSet row, Instant now) throws SQLException {
        var scan = open(row);
        var due = row.getString("next_due").equals("infinity") ? null : Sql.instant(row, "next_due");
        var usual = row.getObject("usual_millis", Long.class);
        var checker = row.getString("checker");
        if (scan != null) {
            var state = row.getString("scan_state");
            return new Standing(checker, state, whyOpen(row, scan), due, scan, last(row), usual);
        }
        if (due == null) {
            var why = "The catalogue has no such checker any more.";
            return new Standing(checker, "retired", why, null, null, last(row), usual);
        }
        return due.isAfter(now)
                ? new Standing(
                        checker,
                        "waiting",
                        "It is not due before %s.".formatted(brief(due)),
                        due,
                        null,
                        last(row),
                        usual)
                : new Standing(checker, "due", whyDue(row), due, null, last(row), usual);
    }

    private static String whyDue(ResultSet row) throws SQLException {
        var before = row.getLong("before");
        if (row.getBoolean("paused")) {
            return "The schedule is paused; an operator resumes it with POST /admin/schedule:resume.";
        }
        var rate = row.getDouble("per_second");
        var count = before >= MAX_COUNTED
                ? "%,d or more of %,d".formatted(MAX_COUNTED, Math.max(MAX_COUNTED, row.getLong("backlog")))
                : "%,d".formatted(before);
        return "It is due, and %s scopes have been due for longer; at %.1f scans a second its turn comes in about %s."
                .formatted(count, rate, Duration.ofSeconds((long) Math.ceil(before / rate)));
    }

    private String whyOpen(ResultSet row, Open scan) throws SQLException {
        var requested = brief(scan.requestedAt());
        if (scan.place() == null) {
            return "It was claimed at %s, and Kafka is not known to have it yet; it is published again until it has."
                    .formatted(requested);
        }
        var settled = Sql.instantOrNull(row, "settled_at");
        if (settled != null) {
            return "Lane %s was done with it before %s, and how it ended has not been heard; it is given up at %s."
                    .formatted(scan.lane(), brief(settled), brief(settled.plus(properties.lostAfter())));
        }
        if (scan.startedAt() != null) {
            return "It has been running since %s.".formatted(brief(scan.startedAt()));
        }
        return "It has been in lane %s since %s, where it waits or runs; if it has not begun at %s, it expires."
                .formatted(scan.lane(), requested, brief(Sql.instant(row, "expires_at")));
    }

    private static @Nullable Open open(ResultSet row) throws SQLException {
        var scan = row.getObject("scan_id", UUID.class);
        if (scan == null) {
            return null;
        }
        var offset = row.getObject("published_offset", Long.class);
        return new Open(
                scan,
                row.getString("scan_lane"),
                Sql.instant(row, "attempted_at"),
                Sql.instantOrNull(row, "started_at"),
                offset == null ? null : new Place(row.getString("topic"), row.getInt("partition"), offset));
    }

    private static @Nullable Last last(ResultSet row) throws SQLException {
        var scan = row.getObject("last_scan_id", UUID.class);
        return scan == null
                ? null
                : new Last(
                        scan,
                        row.getString("last_outcome"),
                        row.getString("last_why"),
                        Sql.instant(row, "last_closed_at"),
                        Sql.instantOrNull(row, "reported_at"));
    }

    private static Instant brief(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }
}
