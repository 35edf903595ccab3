package outrider.insights.query;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import outrider.insight.CheckDefinition;

/// One insight with its evidence, and what the catalogue says of its check.
///
/// What comes from the catalogue is null when the check is no longer in it.
record InsightDetail(
        @JsonUnwrapped InsightView insight,
        Map<String, String> evidence,
        @Nullable String question,
        @Nullable String why,
        @Nullable String remediation,
        @Nullable String reproduce,
        List<String> references) {

    static InsightDetail of(InsightView insight, Map<String, String> evidence, @Nullable CheckDefinition check) {
        return check == null
                ? new InsightDetail(insight, evidence, null, null, null, null, List.of())
                : new InsightDetail(
                        insight,
                        evidence,
                        check.question(),
                        check.why(),
                        check.remediation(),
                        Reproduction.of(check.reproduce(), insight.subject()),
                        check.references());
    }
}
