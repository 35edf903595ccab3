package outrider.insights.ingest;

import java.util.UUID;
import outrider.scan.ReportHeader;

/// What the database needs of a report besides its rows.
///
/// @param digest equal for two reports of a scope exactly if they hold the same insights with the same content
/// @param coverage JSON: per check, how many results by state, and why not
/// @param verdicts JSON: `<check> <subject>` is true for PASS and FAIL, false for NOT_APPLICABLE, and of a part,
///     ` <subject>` is there for each; empty for a report
///     whose results wait in a slot
record ReportSums(ReportHeader header, int insights, UUID digest, String coverage, String verdicts) {}
