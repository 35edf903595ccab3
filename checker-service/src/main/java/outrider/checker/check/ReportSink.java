package outrider.checker.check;

import java.io.IOException;
import outrider.scan.ReportLine;

/// Takes the results and insights of one scan as they are found, in any order.
@FunctionalInterface
public interface ReportSink {

    /// @throws IOException when there is no room for more; the scan is then over, and what it found so
    /// far is lost
    void add(ReportLine line) throws IOException;
}
