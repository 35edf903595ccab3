package outrider.checker.check.tls;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.tls.TlsObservation.Edge;
import outrider.checker.egress.Trouble.Kind;

/// Makes one verdict of an endpoint out of those of its addresses.
///
/// All must be well for it to pass. An address that could not be looked at makes it an error, because it may be
/// the bad one; but a problem that was seen elsewhere, and that is the only kind the check has, is reported all
/// the same.
final class Edges {

    private static final Comparator<Problem> BY_SEVERITY =
            Comparator.comparing(Problem::severity, Comparator.nullsFirst(Comparator.naturalOrder()));

    private Edges() {}

    private record Judged(String where, Verdict verdict) {}

    /// For checks of the certificate: an address that presented none could not be looked at.
    static Verdict judge(TlsObservation seen, Function<Edge.Seen, Verdict> judge) {
        return judgeAll(seen, edge -> switch (edge) {
            case Edge.Seen presented -> judge.apply(presented);
            case Edge.Unseen unseen -> new Verdict.CouldNotTell(unseen.trouble().reason());
        });
    }

    static Verdict judgeAll(TlsObservation seen, Function<Edge, Verdict> judge) {
        var judged =
                reachable(seen.edges()).stream().map(edge -> judge(edge, judge)).toList();
        var worst = worst(judged);
        return unclear(judged)
                .filter(why -> !worst.keySet().equals(Set.of("")))
                .<Verdict>map(Verdict.CouldNotTell::new)
                .orElseGet(() -> Verdict.of(List.copyOf(worst.values())));
    }

    private static Judged judge(Edge edge, Function<Edge, Verdict> judge) {
        var where = switch (edge) {
            case Edge.Seen seen -> seen.presented().address().getHostAddress();
            case Edge.Unseen unseen -> unseen.failed().where();
        };
        return new Judged(where, judge.apply(edge));
    }

    /// Leaves out addresses of a family that this machine cannot reach at all, unless there is nothing else.
    private static List<Edge> reachable(List<Edge> edges) {
        var reachable = edges.stream()
                .filter(edge ->
                        !(edge instanceof Edge.Unseen unseen && unseen.trouble().kind() == Kind.NO_ROUTE))
                .toList();
        return reachable.isEmpty() ? edges : reachable;
    }

    private static Optional<String> unclear(List<Judged> judged) {
        for (var edge : judged) {
            if (edge.verdict() instanceof Verdict.CouldNotTell(var why)) {
                return Optional.of(judged.size() == 1 ? why : edge.where() + ": " + why);
            }
        }
        return Optional.empty();
    }

    /// Of each kind of problem the worst. Which address has it is evidence only where not all have it, because
    /// addresses come and go.
    private static Map<String, Problem> worst(List<Judged> judged) {
        var differ = judged.stream().anyMatch(edge -> !(edge.verdict() instanceof Verdict.Fail));
        var worst = new LinkedHashMap<String, Problem>();
        for (var edge : judged) {
            if (edge.verdict() instanceof Verdict.Fail(var problems)) {
                for (var problem : problems) {
                    worst.merge(
                            problem.detail(),
                            differ ? problem.saw("address", edge.where()) : problem,
                            (one, other) -> BY_SEVERITY.compare(other, one) > 0 ? other : one);
                }
            }
        }
        return worst;
    }
}
