package outrider.checker.check.dns;

import java.util.Map;
import java.util.Optional;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.scan.AssetKind;

/// What the DNS has said about a domain so far.
///
/// @param domain in lower case, ASCII
public record DnsObservation(String domain, AssetKind kind, Map<DnsQuestion, DnsAnswer> answers) {

    public DnsObservation {
        answers = Map.copyOf(answers);
    }

    /// The answer to a question; empty if it has not been asked.
    public Optional<DnsAnswer> answer(DnsQuestion question) {
        return Optional.ofNullable(answers.get(question));
    }
}
