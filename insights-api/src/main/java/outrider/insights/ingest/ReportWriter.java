package outrider.insights.ingest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.insight.Confidence;
import outrider.scan.FoundInsight;
import outrider.scan.Part;
import outrider.scan.ReportHeader;
import outrider.scan.ReportOutcome;
import outrider.scan.Wire;

/// Writes reports through the database functions of `R__apply_reports.sql`.
///
/// Small ones: one call, one round trip and one transaction for all of a request, unless it holds several
/// reports of one scope. A large one: the transaction that its rows began.
@Component
final class ReportWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ReportWriter.class);

    private static final String APPLY = """
            select report, kind, opened, changed, reopened, resolved, unchanged
              from insights.apply_reports(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::interval)
            """;

    private static final String MERGE = """
            select report, kind, opened, changed, reopened, resolved, unchanged
              from insights.apply_stage_%d(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::interval)
            """;

    private static final String BEAR = "select insights.bear(:account, :asset, :checker)";

    private final JdbcClient jdbc;
    private final IngestProperties.Withhold withhold;
    private final String agreeAfter;
    private final Threshold threshold;

    ReportWriter(JdbcClient jdbc, IngestProperties properties, Threshold threshold) {
        this.jdbc = jdbc;
        this.threshold = threshold;
        this.withhold = properties.withhold();
        this.agreeAfter = properties.agreeAfter().toString();
    }

    /// What the database says of one report.
    private record Answer(int report, String kind, ReportOutcome.Counts counts) {

        ReportOutcome outcome(ReportHeader header) {
            return kind.equals(ReportOutcome.BODIES_REQUIRED)
                    ? new ReportOutcome(header.scanId(), ReportOutcome.Kind.REJECTED, counts, kind)
                    : new ReportOutcome(
                            header.scanId(), ReportOutcome.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), counts, null);
        }
    }

    /// Writes the reports and answers each, in their order.
    List<ReportOutcome> write(List<Report> reports) {
        var outcomes = new ReportOutcome[reports.size()];
        for (var round : rounds(reports)) {
            var batch = round.stream().map(reports::get).toList();
            var begin = System.nanoTime();
            var answers = undisturbed(() -> apply(batch));
            threshold.measuredUnnest(batch.stream().mapToInt(Report::rows).sum(), System.nanoTime() - begin);
            for (var answer : answers) {
                var report = batch.get(answer.report() - 1);
                outcomes[round.get(answer.report() - 1)] = answer.outcome(report.header());
            }
        }
        return List.copyOf(Arrays.asList(outcomes));
    }

    /// Does again what the database undid because it and somebody else waited for each other. Reports never do:
    /// their locks have an order. But an operator's statement may.
    private static <T> T undisturbed(Supplier<T> write) {
        for (var retries = 3; ; retries--) {
            try {
                return write.get();
            } catch (ConcurrencyFailureException e) {
                if (retries == 0) {
                    throw e;
                }
                LOG.info("Tried again: {}", e.getMessage());
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000, 50_000_000));
            }
        }
    }

    /// The positions of the reports, so that no round has two of one scope and each scope's come in their order.
    private static List<List<Integer>> rounds(List<Report> reports) {
        var rounds = new ArrayList<List<Integer>>();
        var seen = new HashMap<Report.Scope, Integer>();
        for (var i = 0; i < reports.size(); i++) {
            var round = seen.merge(reports.get(i).scope(), 1, Integer::sum);
            if (round > rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round - 1).add(i);
        }
        return rounds;
    }

    private List<Answer> apply(List<Report> reports) {
        var insights = reports.stream().flatMap(r -> r.insights().stream()).toList();
        var positions = new ArrayList<Integer>(insights.size());
        for (var i = 0; i < reports.size(); i++) {
            positions.addAll(Collections.nCopies(reports.get(i).insights().size(), i + 1));
        }
        var sums = reports.stream().map(Report::sums).toList();
        return head(jdbc.sql(APPLY), sums)
                .param(array("int4", positions, Function.identity()))
                .param(array("uuid", insights, Report.Row::key))
                .param(array("uuid", insights, Report.Row::content))
                .param(bodies("int4", insights, insight -> insight.severity().ordinal()))
                .param(bodies("bool", insights, insight -> insight.confidence() == Confidence.FIRM))
                .param(bodies("text", insights, insight -> insight.check().value()))
                .param(bodies("text", insights, FoundInsight::subject))
                .param(bodies("text", insights, FoundInsight::detail))
                .param(bodies("text", insights, FoundInsight::title))
                .param(bodies("text", insights, insight -> Wire.JSON.writeValueAsString(insight.evidence())))
                .param(withhold.share())
                .param(withhold.above())
                .param(agreeAfter)
                .query(ReportWriter::answer)
                .list();
    }

    /// Merges the rows that wait in a slot; small reports go on meanwhile. Its scope is born before and apart:
    /// else a small report of the same scope would wait for the whole merge to know whether there is one, and
    /// with it all of its request.
    ReportOutcome write(LargeReport report) {
        bear(report.header());
        var stage = report.stage();
        var begin = System.nanoTime();
        var answer = head(stage.jdbc().sql(MERGE.formatted(stage.slot())), List.of(report.sums()))
                .param(withhold.share())
                .param(withhold.above())
                .param(agreeAfter)
                .query(ReportWriter::answer)
                .single();
        stage.commit();
        threshold.measuredCopy(report.rows(), stage.spent() + System.nanoTime() - begin);
        return answer.outcome(report.header());
    }

    private void bear(ReportHeader header) {
        jdbc.sql(BEAR)
                .param("account", header.accountId())
                .param("asset", header.assetId())
                .param("checker", header.checker())
                .query(rows -> {});
    }

    private static JdbcClient.StatementSpec head(JdbcClient.StatementSpec call, List<ReportSums> reports) {
        return call.param(array("uuid", reports, r -> r.header().accountId()))
                .param(array("uuid", reports, r -> r.header().assetId()))
                .param(array("text", reports, r -> r.header().checker()))
                .param(array("uuid", reports, r -> r.header().scanId()))
                .param(array("int8", reports, r -> r.header().sequence()))
                .param(array(
                        "timestamptz", reports, r -> r.header().finishedAt().truncatedTo(ChronoUnit.MICROS)))
                .param(array("uuid", reports, ReportSums::digest))
                .param(array("text", reports, ReportSums::coverage))
                .param(array("text", reports, ReportSums::verdicts))
                .param(array("int4", reports, ReportSums::insights))
                .param(array("int8", reports, r -> r.header().assetRevision()))
                .param(array("int8", reports, part(Part::first)))
                .param(array("int8", reports, part(Part::end)))
                .param(array("int8", reports, part(Part::generation)))
                .param(array(
                        "text",
                        reports,
                        part(part -> part.subjects() == null ? null : Wire.JSON.writeValueAsString(part.subjects()))));
    }

    /// A column of the parts; null for a report on the whole.
    private static Function<ReportSums, @Nullable Object> part(Function<Part, ? extends @Nullable Object> column) {
        return report -> {
            var part = report.header().part();
            return part == null ? null : column.apply(part);
        };
    }

    /// A column of the bodies; null where there is none.
    private static SqlArrayValue bodies(String type, List<Report.Row> rows, Function<FoundInsight, ?> column) {
        return array(type, rows, row -> row.insight() == null ? null : column.apply(row.insight()));
    }

    private static <T> SqlArrayValue array(
            String type, List<T> rows, Function<? super T, ? extends @Nullable Object> column) {
        return new SqlArrayValue(type, rows.stream().map(column).toArray());
    }

    private static Answer answer(ResultSet row, int number) throws SQLException {
        return new Answer(
                row.getInt("report"),
                row.getString("kind"),
                new ReportOutcome.Counts(
                        row.getInt("opened"),
                        row.getInt("changed"),
                        row.getInt("reopened"),
                        row.getInt("resolved"),
                        row.getInt("unchanged")));
    }
}
