package outrider.scan;

import java.util.UUID;

/// An insight line without its body: it is open, and what it says has not changed. Only for insights that the answer of
/// `POST /v1/reports:compare` did not ask for; if that is no longer so when the report is written, all of the report is
/// rejected with `bodies_required`.
///
/// @param key as of [outrider.insight.InsightHash#key]
/// @param hash as of [outrider.insight.InsightHash#content]
public record KnownInsight(UUID key, UUID hash) implements ReportLine {}
