package outrider.insights.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.insights.catalog.KnownCatalogs;
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

/// Reads the body of `POST /v1/reports`.
///
/// What is wrong with one report refuses that report. What makes it doubtful where a report begins or ends (a line
/// that is not JSON, a body that breaks off) ends the request with a problem, so that nothing of it is written.
@Component
final class ReportReader {

    private final KnownCatalogs catalogs;
    private final Clock clock;
    private final Staging staging;
    private final Threshold threshold;
    private final IngestProperties properties;

    ReportReader(
            KnownCatalogs catalogs, Clock clock, Staging staging, Threshold threshold, IngestProperties properties) {
        this.catalogs = catalogs;
        this.clock = clock;
        this.staging = staging;
        this.threshold = threshold;
        this.properties = properties;
    }

    /// Reads all reports, in their order. Whoever gets them releases them.
    ///
    /// @param seesAccount whether the sender may report for that account
    List<Incoming> read(InputStream body, Predicate<UUID> seesAccount) throws IOException {
        var reading = new Reading(
                new LineReader(body, properties.maxBody().toBytes(), "send its reports in several requests"),
                seesAccount);
        var complete = false;
        try {
            var reports = reading.all();
            complete = true;
            return reports;
        } finally {
            if (!complete) {
                reading.giveUp();
            }
        }
    }

    /// One body while it is being read.
    private final class Reading {

        private final LineReader lines;
        private final Predicate<UUID> seesAccount;
        private final List<Incoming> reports = new ArrayList<>();
        private @Nullable ReportDraft draft;
        private final int maxRows = threshold.rows();
        private long heldBytes;
        private int draftRows;
        private long draftBytes;

        Reading(LineReader lines, Predicate<UUID> seesAccount) {
            this.lines = lines;
            this.seesAccount = seesAccount;
        }

        List<Incoming> all() throws IOException {
            for (var text = lines.next(); text != null; text = lines.next()) {
                var line = parse(text);
                if (line != null) {
                    take(line);
                }
                keepSmall(text.length);
            }
            endBroken("the body ends inside it; was it cut off?");
            if (reports.isEmpty()) {
                throw ProblemException.malformed("body", "holds no report");
            }
            return reports;
        }

        void giveUp() {
            if (draft != null) {
                draft.rows().drop();
            }
            reports.forEach(Incoming::release);
        }

        private void take(ReportLine line) {
            switch (line) {
                case ReportHeader header -> {
                    endBroken("another begins in %s before its end line".formatted(lines.place()));
                    var checks = catalogs.find(header.catalog()).orElse(null);
                    draft = new ReportDraft(header, checks, properties.maxInsights(), lines.line());
                    draft.check(clock.instant(), seesAccount);
                }
                case CheckResult result -> open().add(lines.line(), result);
                case FoundInsight insight -> open().add(lines.line(), insight);
                case KnownInsight insight -> open().add(lines.line(), insight);
                case ReportEnd end -> {
                    reports.add(open().end(lines.line(), end));
                    draft = null;
                }
            }
        }

        /// The line; null if it is none and its report is refused for it.
        private @Nullable ReportLine parse(byte[] text) {
            try {
                return Wire.read(text, ReportLine.class);
            } catch (MalformedWireException e) {
                if (!e.isJson()) {
                    throw ProblemException.malformed(lines.place(), e.reason());
                }
                refuse(e.field(), e.reason());
                return null;
            }
        }

        private void refuse(String field, String reason) {
            if (draft == null) {
                throw ProblemException.malformed(
                        field.isEmpty() ? lines.place() : lines.place() + ", " + field, reason);
            }
            draft.refuse(lines.line(), field, reason);
        }

        private ReportDraft open() {
            if (draft == null) {
                throw ProblemException.malformed(lines.place(), "a report must begin with a line of type report");
            }
            return draft;
        }

        /// Ends a report whose end line did not come. If it was refused, perhaps that was the line.
        private void endBroken(String how) {
            if (draft == null) {
                return;
            }
            if (!draft.isRefused()) {
                throw ProblemException.malformed("line " + draft.firstLine(), "this report has no end: " + how);
            }
            reports.add(draft.end());
            draft = null;
        }

        /// Counts what is held in memory. A report of so many rows that COPY is faster moves to a slot, and so does
        /// the one being read when all together take too much memory; many small ones do not make a large one.
        private void keepSmall(int length) {
            if (draft == null) {
                heldBytes += draftBytes;
                draftBytes = 0;
                draftRows = 0;
            } else if (draft.keepsRows() && !draft.rows().isStaged()) {
                draftRows++;
                draftBytes += length;
                if (draftRows > maxRows
                        || heldBytes + draftBytes
                                > properties.copy().aboveBytes().toBytes()) {
                    moveToSlot();
                }
            }
        }

        private void moveToSlot() {
            if (reports.stream().anyMatch(LargeReport.class::isInstance)) {
                throw ProblemException.tooLarge(
                        "body", "holds more than one large report; send each large one in a request of its own");
            }
            open().rows().moveTo(staging.lease());
            draftBytes = 0;
        }
    }
}
