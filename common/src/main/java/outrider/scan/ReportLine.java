package outrider.scan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// One line of the body of `POST /v1/reports`. A report is a header line, its result lines, its insight lines (found or
/// known) and an end line.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReportHeader.class, name = "report"),
    @JsonSubTypes.Type(value = CheckResult.class, name = "result"),
    @JsonSubTypes.Type(value = FoundInsight.class, name = "insight"),
    @JsonSubTypes.Type(value = KnownInsight.class, name = "known"),
    @JsonSubTypes.Type(value = ReportEnd.class, name = "end")
})
public sealed interface ReportLine permits ReportHeader, CheckResult, FoundInsight, KnownInsight, ReportEnd {}
