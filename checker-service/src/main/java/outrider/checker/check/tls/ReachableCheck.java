package outrider.checker.check.tls;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.tls.TlsObservation.Edge;
import outrider.checker.egress.HelloAnswer;
import outrider.checker.egress.TlsEdge;
import outrider.checker.egress.Trouble.Kind;
import outrider.insight.CheckId;

/// `tls.reachable`: does the endpoint speak TLS for this host, whatever its certificate is worth?
///
/// No only where it said so: with plain HTTP, with an alert that any client would get, or with a closed port beside a
/// site without TLS. Silence and broken connections say nothing.
final class ReachableCheck implements Judge<TlsObservation> {

    private static final CheckId ID = new CheckId("tls.reachable");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(TlsObservation seen) {
        return Edges.judgeAll(seen, edge -> switch (edge) {
            case Edge.Seen presented -> Verdict.pass();
            case Edge.Unseen(var failed) -> judge(failed, seen);
        });
    }

    private static Verdict judge(TlsEdge.Failed failed, TlsObservation seen) {
        var answers = failed.answers().values();
        if (answers.stream().anyMatch(HelloAnswer.Accepted.class::isInstance)) {
            return Verdict.pass();
        }
        if (answers.contains(new HelloAnswer.NotTls(true))) {
            return Verdict.fail(Problem.of("The port speaks plain HTTP and no TLS"));
        }
        if (failed.trouble().kind() == Kind.CLOSED && seen.plainSite().isPresent()) {
            return Verdict.fail(Problem.of("The site at %s has no TLS: nothing listens on port %d"
                    .formatted(seen.plainSite().get(), seen.endpoint().port())));
        }
        return refuses(answers)
                ? Verdict.fail(Problem.of(
                                "The server refuses TLS for " + seen.endpoint().host())
                        .saw("alerts", alerts(answers)))
                : new Verdict.CouldNotTell(failed.trouble().reason());
    }

    /// Whether it does not serve the name, or no version at all with any cipher.
    private static boolean refuses(Collection<HelloAnswer> answers) {
        return refusals(answers).anyMatch(HelloAnswer.Refused::isForName)
                || !answers.isEmpty()
                        && refusals(answers)
                                        .filter(HelloAnswer.Refused::isFinal)
                                        .count()
                                == answers.size();
    }

    private static List<String> alerts(Collection<HelloAnswer> answers) {
        return refusals(answers)
                .map(HelloAnswer.Refused::name)
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<HelloAnswer.Refused> refusals(Collection<HelloAnswer> answers) {
        return answers.stream().filter(HelloAnswer.Refused.class::isInstance).map(HelloAnswer.Refused.class::cast);
    }
}
