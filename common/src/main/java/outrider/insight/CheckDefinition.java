package outrider.insight;

import java.util.List;
import outrider.scan.Lane;

/// What the catalogue says of one check; read from `checks/<id>.yml`.
///
/// @param checker the checker it runs in
/// @param lane the lane class of that checker: fast or slow
/// @param question the yes/no question it answers; yes is good
/// @param why why the answer matters
/// @param severity that of its insights, unless one says otherwise
/// @param rationale why that severity
/// @param sends what it sends to the asset, for those who are asked about the traffic
/// @param remediation how to mend it
/// @param reproduce a command line to see the same; `{subject}`, `{host}` and `{port}` stand for the insight's own
/// @param references where the rule comes from
public record CheckDefinition(
        CheckId id,
        String checker,
        Lane lane,
        String question,
        String why,
        Severity severity,
        String rationale,
        String sends,
        String remediation,
        String reproduce,
        List<String> references) {

    public CheckDefinition {
        if (lane == Lane.INTERACTIVE) {
            throw new IllegalArgumentException("lane: a checker's class is fast or slow");
        }
        references = List.copyOf(references);
    }
}
