package outrider.checker.report;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.UUID;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

/// A report as it goes over the wire: its lines, already encoded.
public record FinishedReport(UUID scanId, byte[] lines) {

    /// Encodes a report; the end line's counts are taken from the lists.
    public static FinishedReport of(ReportHeader header, List<CheckResult> results, List<FoundInsight> insights) {
        var out = new ByteArrayOutputStream(256 * (2 + results.size() + 2 * insights.size()));
        write(out, header);
        results.forEach(result -> write(out, result));
        insights.forEach(insight -> write(out, insight));
        write(out, new ReportEnd(results.size(), insights.size()));
        return new FinishedReport(header.scanId(), out.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, ReportLine line) {
        out.writeBytes(Wire.write(line));
        out.write('\n');
    }
}
