package outrider.insights.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import outrider.insight.CheckId;
import outrider.insights.catalog.CatalogChecks;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.web.ProblemException.FieldError;

/// A report while its lines come in. The first wrong one refuses it: nothing is kept any more, and the rest is
/// only looked through for its end and for more lines that are wrong by themselves. One under an unknown
/// catalogue is only looked through for its end.
final class ReportDraft {

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int MAX_ERRORS = 20;

    private final ReportHeader header;
    private final @Nullable CatalogChecks catalog;
    private final int maxInsights;
    private final int firstLine;
    private final ReportRows rows;
    private final SubjectStates states = new SubjectStates();
    private final List<FieldError> errors = new ArrayList<>();
    private boolean readsLines = true;
    private int lastWrong;

    /// @param catalog that the header names; null: it is not known yet
    ReportDraft(ReportHeader header, @Nullable CatalogChecks catalog, int maxInsights, int firstLine) {
        this.header = header;
        this.rows = new ReportRows(header);
        this.catalog = catalog;
        this.maxInsights = maxInsights;
        this.firstLine = firstLine;
    }

    int firstLine() {
        return firstLine;
    }

    boolean isRefused() {
        return !errors.isEmpty();
    }

    /// Whether its rows are worth keeping.
    boolean keepsRows() {
        return readsLines && !isRefused();
    }

    /// Its rows in memory or in a slot of the database.
    ReportRows rows() {
        return rows;
    }

    /// Refuses the report for this line, unless it is for this line already or for so many that nobody would
    /// read on.
    ///
    /// @param field the field that is wrong; empty where it is the line
    void refuse(int line, String field, String reason) {
        if (line != lastWrong && errors.size() < MAX_ERRORS) {
            errors.add(new FieldError(field.isEmpty() ? "line " + line : "line %d, %s".formatted(line, field), reason));
            rows.drop();
        }
        lastWrong = line;
    }

    /// Looks at the header itself.
    void check(Instant now, Predicate<UUID> seesAccount) {
        if (catalog == null) {
            readsLines = false;
            return;
        }
        if (!catalog.hasChecker(header.checker())) {
            refuse(firstLine, "checker", "there is no checker of that name in the catalogue");
        } else if (!seesAccount.test(header.accountId())) {
            refuse(firstLine, "account_id", "this token may not report for that account");
        } else if (header.finishedAt().isAfter(now.plus(CLOCK_SKEW))
                || header.startedAt().isBefore(EARLIEST)) {
            refuse(firstLine, "finished_at", "the scan ran in the future or before 2000; check the checker's clock");
        }
        readsLines = !isRefused();
    }

    void add(int line, CheckResult result) {
        if (!isRight(line, result) || isRefused()) {
            return;
        }
        if (rows.insights() > 0) {
            refuse(line, "", "a result line must come before the insight lines");
        } else if (header.part() != null && !header.part().contains(result.subject())) {
            refuse(line, "subject", "lies outside of the part that the report says it is about");
        } else if (rows.results() == maxInsights) {
            refuse(line, "", "a report has at most %d results".formatted(maxInsights));
        } else if (states.add(result.check(), result.subject(), result.state())) {
            rows.add(result);
        } else {
            refuse(line, "subject", "there is already a result of this check on this subject");
        }
    }

    void add(int line, FoundInsight insight) {
        if (!isRight(line, insight) || isRefused()) {
            return;
        }
        if (states.find(insight.check(), insight.subject()) != CheckState.FAIL) {
            refuse(line, "subject", "an insight needs a FAIL result of its check on its subject in the same report");
        } else {
            add(line, "detail", Report.Row.of(insight));
        }
    }

    /// An insight without its body: whether it belongs here, only the database knows.
    void add(int line, KnownInsight insight) {
        if (keepsRows()) {
            add(line, "key", Report.Row.of(insight));
        }
    }

    private void add(int line, String field, Report.Row row) {
        if (rows.insights() == maxInsights) {
            refuse(line, "", "a report has at most %d insights".formatted(maxInsights));
        } else if (!rows.add(row)) {
            refuse(line, field, "there is already an insight with this check, subject and detail");
        }
    }

    /// Ends the report.
    Incoming end(int line, ReportEnd end) {
        if (!keepsRows()) {
            return end();
        }
        if (end.results() != rows.results()) {
            refuse(line, "results", "counts %d, but there were %d".formatted(end.results(), rows.results()));
        } else if (end.insights() != rows.insights()) {
            refuse(line, "insights", "counts %d, but there were %d".formatted(end.insights(), rows.insights()));
        }
        return end();
    }

    /// What has become of the report once nothing more of it will come.
    Incoming end() {
        if (catalog == null) {
            return new Incoming.Early(header);
        }
        return isRefused() ? new Incoming.Refused(header, errors) : rows.end();
    }

    /// Whether the line is right by itself, in a report whose lines are worth looking at.
    private boolean isRight(int line, CheckResult result) {
        return readsLines
                && isOurs(line, result.check())
                && isSound(line, "subject", result.subject())
                && (result.why() == null || isSound(line, "why", result.why()));
    }

    private boolean isRight(int line, FoundInsight insight) {
        return readsLines && isOurs(line, insight.check()) && isSound(line, insight);
    }

    private boolean isOurs(int line, CheckId id) {
        var checker = catalog == null ? null : catalog.checkerOf(id);
        if (checker == null) {
            refuse(line, "check", "there is no check '%s' in the catalogue".formatted(id));
        } else if (!checker.equals(header.checker())) {
            refuse(line, "check", "'%s' is a check of %s, not of %s".formatted(id, checker, header.checker()));
        }
        return lastWrong != line;
    }

    private boolean isSound(int line, FoundInsight insight) {
        return isSound(line, "subject", insight.subject())
                && isSound(line, "detail", insight.detail())
                && isSound(line, "title", insight.title())
                && insight.evidence().entrySet().stream()
                        .allMatch(entry -> isSound(line, "evidence", entry.getKey())
                                && isSound(line, "evidence", entry.getValue()));
    }

    /// JSON can spell what no database can store.
    private boolean isSound(int line, String field, String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == 0) {
                refuse(line, field, "holds a NUL character");
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                refuse(line, field, "holds half a surrogate pair");
            }
        }
        return lastWrong != line;
    }
}
