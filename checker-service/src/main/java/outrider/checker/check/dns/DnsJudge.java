package outrider.checker.check.dns;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import outrider.checker.check.Judge;
import outrider.checker.egress.DnsQuestion;

/// A judge of the DNS, which also says what to ask: one answer may lead to the next question. From a jar of its own
/// it is a service in the sense of [java.util.ServiceLoader].
public interface DnsJudge extends Judge<DnsObservation> {

    /// What has to be asked before this judge can judge, given the answers so far; empty once it can. Pure, and
    /// called again after each round of answers.
    Set<DnsQuestion> asks(DnsObservation soFar);

    /// The page it has to see besides, once all is answered; few names need any.
    default Optional<URI> fetches(DnsObservation soFar) {
        return Optional.empty();
    }
}
