package outrider.insights.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import outrider.insights.TestInsights;
import outrider.scan.ReportOutcome;

/// A scope of its own for a test, whose scans come a minute apart, and agree when they are.
final class TestScope {

    static final IngestProperties PROPERTIES = IngestPropertiesTest.bind(Map.of("outrider.ingest.agree-after", "1m"));
    static final Threshold THRESHOLD = new Threshold(PROPERTIES, new SimpleMeterRegistry());
    static final Staging STAGING = staging(PROPERTIES);

    final UUID accountId;
    final UUID assetId = UUID.randomUUID();

    private final ReportWriter writer;
    private long sequence;

    TestScope() {
        this(UUID.randomUUID());
    }

    TestScope(UUID accountId) {
        this(accountId, PROPERTIES);
    }

    TestScope(UUID accountId, IngestProperties properties) {
        this.accountId = accountId;
        this.writer = new ReportWriter(TestInsights.JDBC, properties, THRESHOLD);
    }

    static Staging staging(IngestProperties properties) {
        try {
            return new Staging(TestInsights.SOURCE, properties, THRESHOLD);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Instant time(long sequence) {
        return Instant.parse("2026-06-01T12:00:00Z").plusSeconds(60 * sequence);
    }

    /// The next scan.
    TestReport scan() {
        return scan(++sequence);
    }

    TestReport scan(long sequence) {
        this.sequence = sequence;
        return new TestReport(accountId, assetId, sequence);
    }

    ReportOutcome apply(TestReport report) {
        return writer.write(List.of(report.build())).getFirst();
    }

    /// The insights that are open, by key and content.
    Set<UUID> openHashes() {
        return Set.copyOf(TestInsights.JDBC
                .sql("select key, content_hash from insights.insight where account_id = ? and state = 'open'")
                .param(accountId)
                .query((row, number) -> hash(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list());
    }

    static UUID hash(UUID key, UUID content) {
        return new UUID(
                key.getMostSignificantBits() ^ content.getLeastSignificantBits(),
                key.getLeastSignificantBits() ^ content.getMostSignificantBits());
    }

    /// By COPY, however small it is.
    ReportOutcome applyLarge(TestReport report) {
        var large = report.buildIn(STAGING.lease());
        try {
            return writer.write(large);
        } finally {
            large.release();
        }
    }

    /// By detail: the state, and how it was resolved.
    Map<String, String> states() {
        var states = new TreeMap<String, String>();
        rows("concat_ws(' ', state, resolution)", states::put);
        return states;
    }

    /// When the insight with that detail was last seen, in minutes after the epoch of the tests.
    long lastSeen(String detail) {
        var times = new TreeMap<String, String>();
        rows(
                "extract(epoch from coalesce(i.seen_at, insights.completed(s.coverage -> i.check_id, s.scanned_at)))::bigint",
                times::put);
        return (Long.parseLong(times.get(detail)) - time(0).getEpochSecond()) / 60;
    }

    /// What happened to the insight with that detail after it was opened.
    List<String> history(String detail) {
        return TestInsights.JDBC
                .sql("""
                select concat_ws(' ', e.seq, e.kind, e.reason, e.was_severity, e.was_firm, e.was_title, e.was_evidence ->> 'seen')
                  from insights.insight_event e
                  join insights.insight i using (account_id, scope_id, key)
                 where account_id = ? and i.detail = ?
                 order by e.seq, e.recorded_at
                """)
                .params(accountId, detail)
                .query(String.class)
                .list();
    }

    private void rows(String column, BiConsumer<String, String> row) {
        TestInsights.JDBC.sql("""
                select i.detail, %s
                  from insights.insight i
                  join insights.scope s using (account_id, scope_id)
                 where s.account_id = ? and s.asset_id = ?
                """.formatted(column)).params(accountId, assetId).query(r -> {
            row.accept(r.getString(1), r.getString(2));
        });
    }
}
