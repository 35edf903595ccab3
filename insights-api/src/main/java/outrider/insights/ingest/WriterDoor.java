package outrider.insights.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.ReportOutcome;

/// The write path without HTTP, JSON and checks of what is said: for measuring it.
public final class WriterDoor implements AutoCloseable {

    private final Threshold threshold;
    private final Staging staging;
    private final ReportWriter writer;
    private final CompareRepository open;

    /// Opens it on a migrated database.
    ///
    /// @param source a Hikari pool; large reports get connections of their own to the same database
    /// @param settings those under `outrider.ingest` that differ from their defaults, such as `copy.above-rows`
    /// @throws SQLException if the source is no Hikari pool
    public WriterDoor(DataSource source, Map<String, String> settings) throws SQLException {
        var properties =
                new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("", IngestProperties.class);
        var jdbc = JdbcClient.create(source);
        threshold = new Threshold(properties, new SimpleMeterRegistry());
        staging = new Staging(source, properties, threshold);
        writer = new ReportWriter(jdbc, properties, threshold);
        open = new CompareRepository(jdbc, new JdbcTransactionManager(source));
    }

    /// Asks which insights are open and say the same; they may come without their bodies.
    ///
    /// @return their positions among the insights of the question
    public BitSet known(ReportHeader header, Stream<KnownInsight> insights) {
        var set = new InsightSet();
        insights.forEachOrdered(insight -> set.add(insight.key(), insight.hash()));
        return open.known(new CompareReader.Question(header, set));
    }

    /// Writes reports and answers each, in their order: many small ones, or a large one.
    ///
    /// @param lines what a request would hold, sound; consumed while it is written
    public List<ReportOutcome> write(Stream<ReportLine> lines) {
        var reports = new Reports();
        try {
            lines.forEachOrdered(reports::take);
            return reports.complete.stream().anyMatch(LargeReport.class::isInstance)
                    ? reports.complete.stream().map(this::alone).toList()
                    : writer.write(
                            reports.complete.stream().map(Report.class::cast).toList());
        } finally {
            reports.complete.forEach(Incoming::release);
            if (reports.rows != null) {
                reports.rows.drop();
            }
        }
    }

    /// From how many lines on a report goes by COPY now.
    public int threshold() {
        return threshold.choice().rows();
    }

    @Override
    public void close() {
        staging.close();
    }

    private ReportOutcome alone(Incoming report) {
        return switch (report) {
            case Report small -> writer.write(List.of(small)).getFirst();
            case LargeReport large -> writer.write(large);
            case Incoming.Refused refused -> refused.outcome();
            case Incoming.Early early -> early.outcome();
        };
    }

    private final class Reports {

        private final List<Incoming> complete = new ArrayList<>();
        private final int maxRows = threshold.rows();
        private @Nullable ReportRows rows;

        private ReportRows open() {
            return Objects.requireNonNull(rows, "a report begins with its header");
        }

        void take(ReportLine line) {
            switch (line) {
                case ReportHeader header -> rows = new ReportRows(header);
                case CheckResult result -> open().add(result);
                case FoundInsight insight -> open().add(Report.Row.of(insight));
                case KnownInsight insight -> open().add(Report.Row.of(insight));
                case ReportEnd end -> {
                    complete.add(open().end());
                    rows = null;
                }
            }
            if (rows != null && !rows.isStaged() && rows.insights() + rows.results() > maxRows) {
                rows.moveTo(staging.lease());
            }
        }
    }
}
