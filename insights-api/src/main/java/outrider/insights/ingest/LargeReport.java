package outrider.insights.ingest;

import outrider.scan.ReportHeader;

/// One complete report whose rows wait in a slot of the database; here are only its header and its sums.
///
/// @param rows its results and insights
record LargeReport(ReportSums sums, int rows, Stage stage) implements Incoming {

    @Override
    public ReportHeader header() {
        return sums.header();
    }

    @Override
    public void release() {
        stage.close();
    }
}
