package outrider.checker.report;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import outrider.scan.CheckResult;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;

/// A report as it goes over the wire: its lines, already encoded. It can be sent any number of times
/// until it is closed.
public sealed interface FinishedReport extends AutoCloseable {

    UUID scanId();

    /// A report of a few results and nothing else.
    static FinishedReport of(ReportHeader header, List<CheckResult> results) {
        var lines = new ByteArrayOutputStream();
        results.forEach(result -> lines.writeBytes(Section.encode(result)));
        return Small.of(header, lines.toByteArray(), new byte[0], new ReportEnd(results.size(), 0));
    }

    /// Gives back what it holds; [Reporter#report] does that.
    @Override
    void close();

    /// A report in memory, which shares its request with others.
    record Small(UUID scanId, byte[] lines) implements FinishedReport {

        static Small of(ReportHeader header, byte[] results, byte[] insights, ReportEnd end) {
            var lines = new ByteArrayOutputStream(results.length + insights.length + 1024);
            lines.writeBytes(Section.encode(header));
            lines.writeBytes(results);
            lines.writeBytes(insights);
            lines.writeBytes(Section.encode(end));
            return new Small(header.scanId(), lines.toByteArray());
        }

        @Override
        public void close() {}
    }

    /// A zipped report on disk, which goes alone.
    ///
    /// The first line tells when the scan ended and the results go before the insights, so no part can
    /// be written in its place while the scan runs. Each is zipped by itself: one after the other, they
    /// are one gzip file (RFC 1952, section 2.2).
    record Large(UUID scanId, byte[] header, SpoolFile results, SpoolFile insights, byte[] end)
            implements FinishedReport {

        static Large of(ReportHeader header, SpoolFile results, SpoolFile insights, ReportEnd end) throws IOException {
            return new Large(header.scanId(), zipped(header), results, insights, zipped(end));
        }

        /// How many bytes the body has.
        long length() {
            return header.length + results.length() + insights.length() + end.length;
        }

        /// The body, from its beginning.
        InputStream body() {
            return new SequenceInputStream(Collections.enumeration(List.of(
                    new ByteArrayInputStream(header), results.in(), insights.in(), new ByteArrayInputStream(end))));
        }

        @Override
        public void close() {
            results.close();
            insights.close();
        }

        private static byte[] zipped(ReportLine line) throws IOException {
            var bytes = new ByteArrayOutputStream();
            try (var zip = Section.zip(bytes)) {
                zip.write(Section.encode(line));
            }
            return bytes.toByteArray();
        }
    }
}
