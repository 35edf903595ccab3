/// The write side: reports in, insights opened, changed and resolved.
///
/// A request goes through [outrider.insights.ingest.ReportController], is read line by line
/// ([outrider.insights.ingest.ReportReader]), checked ([outrider.insights.ingest.ReportDraft]) and written by one
/// database function ([outrider.insights.ingest.ReportWriter]). The rows of a large report go to a slot while they are
/// read ([outrider.insights.ingest.Stage]); from which size on, [outrider.insights.ingest.Threshold] measures.
@NullMarked
package outrider.insights.ingest;

import org.jspecify.annotations.NullMarked;
