package outrider.checker.check.dns;

import java.util.Map;
import java.util.Optional;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.ZoneSigning;
import outrider.scan.AssetKind;

/// What the DNS has said about a domain so far.
///
/// @param domain in the one spelling the inventory keeps: lower case, A-labels, no final dot
/// @param signing how the zone is signed that the domain is in
/// @param page what the domain shows over HTTP; empty where no judge asked to see it
public record DnsObservation(
        String domain,
        AssetKind kind,
        Map<DnsQuestion, DnsAnswer> answers,
        ZoneSigning signing,
        Optional<Fetched> page) {

    public DnsObservation {
        answers = Map.copyOf(answers);
    }

    /// The answer to a question; empty if it has not been asked.
    public Optional<DnsAnswer> answer(DnsQuestion question) {
        return Optional.ofNullable(answers.get(question));
    }
}
