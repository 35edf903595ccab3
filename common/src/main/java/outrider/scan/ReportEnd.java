package outrider.scan;

/// The last line of a report: how many result and insight lines came before it. A report without it, or with other
/// counts, was cut off.
public record ReportEnd(long results, long insights) implements ReportLine {}
