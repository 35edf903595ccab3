package com.example.checks;

import java.util.List;
import java.util.stream.Stream;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpJudge;
import outrider.checker.check.http.HttpObservation;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.Obstacles;
import outrider.checker.egress.Fetched;
import outrider.insight.CheckId;

/// `http.server-timing`: does the server keep to itself how long its parts take?
public final class ServerTimingCheck implements HttpJudge {

    private static final CheckId ID = new CheckId("http.server-timing");
    private static final int MOST_NAMES = 10;

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        if (seen.hops().isEmpty()) {
            return new Verdict.CouldNotTell(
                    seen.end() instanceof End.Failed(var url, var trouble) ? trouble.reason() : "it did not answer");
        }
        var first = seen.hops().getFirst().response();
        return Obstacles.of(first).<Verdict>map(Verdict.CouldNotTell::new).orElseGet(() -> judge(first));
    }

    private static Verdict judge(Fetched.Response response) {
        return response.header("Server-Timing")
                .map(header -> Verdict.fail(Problem.of("Everybody is told how long the server's parts take")
                        .saw("parts", parts(header))))
                .orElseGet(Verdict::pass);
    }

    /// Their names only: the times differ from scan to scan, and evidence must not.
    private static List<String> parts(String header) {
        return Stream.of(header.split(","))
                .map(metric -> metric.split(";", 2)[0].strip())
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted()
                .limit(MOST_NAMES)
                .toList();
    }
}
