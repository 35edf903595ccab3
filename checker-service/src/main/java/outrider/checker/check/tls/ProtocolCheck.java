package outrider.checker.check.tls;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.tls.TlsObservation.Edge;
import outrider.checker.egress.HelloAnswer;
import outrider.checker.egress.TlsVersion;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `tls.protocol`: does the endpoint speak TLS 1.2 or 1.3, and nothing older?
///
/// A version counts as accepted when the server has said all that it says before it waits for the client, and as
/// refused when it sent an alert that says so. Anything else may be a box on the way that dislikes old hellos, or had
/// enough of us.
final class ProtocolCheck implements Judge<TlsObservation> {

    private static final CheckId ID = new CheckId("tls.protocol");
    private static final Set<TlsVersion> OLD_TLS = EnumSet.of(TlsVersion.TLS_1_0, TlsVersion.TLS_1_1);

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(TlsObservation seen) {
        return Edges.judgeAll(seen, ProtocolCheck::judge);
    }

    private static Verdict judge(Edge edge) {
        if (edge instanceof Edge.Unseen unseen && unseen.failed().answers().isEmpty()) {
            return new Verdict.CouldNotTell(unseen.trouble().reason());
        }
        // Newest first, as they were asked.
        var answers = new TreeMap<>(edge.tls().answers()).descendingMap().values();
        var accepted = EnumSet.noneOf(TlsVersion.class);
        for (var answer : answers) {
            if (answer instanceof HelloAnswer.Accepted(var version)) {
                accepted.add(version);
            }
            var unclear = unclear(answer);
            if (unclear.isPresent()) {
                return new Verdict.CouldNotTell(unclear.get());
            }
        }
        var modern = edge instanceof Edge.Seen || accepted.stream().anyMatch(TlsVersion::isModern);
        return modern || !accepted.isEmpty()
                ? judge(accepted, modern)
                : new Verdict.CouldNotTell("it refuses TLS for this host altogether; see tls.reachable");
    }

    private static Optional<String> unclear(HelloAnswer answer) {
        return switch (answer) {
            case HelloAnswer.Accepted accepted -> Optional.empty();
            case HelloAnswer.Refused refused when refused.isFinal() -> Optional.empty();
            case HelloAnswer.Refused refused -> Optional.of("it answered a TLS hello with the alert " + refused.name());
            case HelloAnswer.NotTls other -> Optional.of("it speaks no TLS; see tls.reachable");
            case HelloAnswer.Unclear(var trouble) -> Optional.of(trouble.reason());
        };
    }

    private static Verdict judge(Set<TlsVersion> accepted, boolean modern) {
        var problems = new ArrayList<Problem>();
        if (accepted.contains(TlsVersion.SSL_3)) {
            problems.add(
                    Problem.of("The server accepts SSL 3.0").detail("ssl-3").severity(Severity.HIGH));
        }
        var old = accepted.stream()
                .filter(OLD_TLS::contains)
                .map(TlsVersion::toString)
                .collect(Collectors.joining(" and "));
        if (!old.isEmpty()) {
            problems.add(Problem.of("The server accepts " + old).detail("old-tls"));
        }
        if (!modern) {
            problems.add(Problem.of("The server speaks neither TLS 1.2 nor TLS 1.3")
                    .detail("no-modern-tls")
                    .severity(Severity.HIGH));
        }
        return Verdict.of(problems);
    }
}
