package outrider.insights.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.MalformedWireException;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.Wire;
import outrider.web.LineReader;
import outrider.web.ProblemException;

/// Reads the body of `POST /v1/reports:compare`. The first thing wrong with it ends the request with a problem.
@Component
final class CompareReader {

    private final IngestProperties properties;

    CompareReader(IngestProperties properties) {
        this.properties = properties;
    }

    /// What a scan found: keys and content hashes.
    record Question(ReportHeader header, InsightSet insights) {}

    /// @param seesAccount whether the sender may report for that account
    Question read(InputStream body, Predicate<UUID> seesAccount) throws IOException {
        var lines = new LineReader(body, properties.maxBody().toBytes(), "send its reports in several requests");
        var header = header(lines, seesAccount);
        var insights = new InsightSet();
        for (var line = next(lines); line != null; line = next(lines)) {
            switch (line) {
                case KnownInsight insight -> add(insights, insight, lines);
                case ReportEnd end -> {
                    requireAll(end, insights, lines);
                    return new Question(header, insights);
                }
                case ReportHeader other -> throw ProblemException.malformed(lines.place(), "one report at a time");
                case CheckResult result ->
                    throw ProblemException.malformed(lines.place(), "only known lines belong here");
                case FoundInsight insight ->
                    throw ProblemException.malformed(lines.place(), "only known lines belong here");
            }
        }
        throw ProblemException.malformed("body", "has no end line; was it cut off?");
    }

    private static ReportHeader header(LineReader lines, Predicate<UUID> seesAccount) throws IOException {
        if (!(next(lines) instanceof ReportHeader header)) {
            throw ProblemException.malformed("line 1", "must be of type report");
        }
        if (!seesAccount.test(header.accountId())) {
            throw ProblemException.invalid("line 1, account_id", "this token may not report for that account");
        }
        return header;
    }

    private void add(InsightSet insights, KnownInsight insight, LineReader lines) {
        if (insights.size() == properties.maxInsights()) {
            throw ProblemException.tooLarge(
                    lines.place(), "a report has at most %d insights".formatted(properties.maxInsights()));
        }
        if (!insights.add(insight.key(), insight.hash())) {
            throw ProblemException.invalid(lines.place() + ", key", "was there before");
        }
    }

    private static void requireAll(ReportEnd end, InsightSet insights, LineReader lines) throws IOException {
        if (end.insights() != insights.size()) {
            throw ProblemException.invalid(
                    lines.place() + ", insights",
                    "counts %d, but there were %d".formatted(end.insights(), insights.size()));
        }
        if (lines.next() != null) {
            throw ProblemException.malformed(lines.place(), "comes after the end line");
        }
    }

    private static @Nullable ReportLine next(LineReader lines) throws IOException {
        var text = lines.next();
        if (text == null) {
            return null;
        }
        try {
            return Wire.read(text, ReportLine.class);
        } catch (MalformedWireException e) {
            var place = e.field().isEmpty() ? lines.place() : lines.place() + ", " + e.field();
            throw ProblemException.malformed(place, e.reason());
        }
    }
}
