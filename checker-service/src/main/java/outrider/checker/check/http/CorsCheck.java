package outrider.checker.check.http;

import java.util.Optional;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Fetched;
import outrider.insight.CheckId;

/// `http.cors`: may only sites that were chosen read this one's answers to its logged-in visitors (Fetch, section
/// 3.3)?
///
/// Only answers with credentials count. What is open to every site without them, be it by `*` or by a reflected
/// origin, is open to everybody with a client of their own anyway.
final class CorsCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.cors");
    private static final String ORIGIN = "Access-Control-Allow-Origin";
    private static final String CREDENTIALS = "Access-Control-Allow-Credentials";

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        return OwnAnswer.judge(seen, page -> judge(seen.probes()));
    }

    /// The answer that is to be asked for as other sites would; empty if nothing could be told from it.
    static Optional<Fetched.Response> probed(HttpObservation seen) {
        return OwnAnswer.judge(seen, page -> Verdict.pass()) instanceof Verdict.Pass
                ? Optional.of(seen.hops().getLast().response())
                : Optional.empty();
    }

    private static Verdict judge(Probes probes) {
        for (var probe : probes.cors()) {
            if (isOpen(probe)) {
                return fail((Fetched.Response) probe.answer());
            }
        }
        for (var probe : probes.cors()) {
            var unclear = unclear(probe.answer());
            if (unclear.isPresent()) {
                return new Verdict.CouldNotTell(unclear.get());
            }
        }
        return probes.cors().isEmpty() ? new Verdict.CouldNotTell("it was not asked") : Verdict.pass();
    }

    /// Whether pages of the origin it was asked for may read the answer with the visitor's cookies. Browsers compare
    /// both headers exactly, and heed neither if it comes twice; with `*` they leave cookies out.
    static boolean isOpen(Probes.Cors probe) {
        if (!(probe.answer() instanceof Fetched.Response response)) {
            return false;
        }
        var allowed = value(response, ORIGIN);
        return (allowed.equals(probe.origin()) || allowed.equals("null"))
                && value(response, CREDENTIALS).equals("true");
    }

    private static Optional<String> unclear(Fetched answer) {
        return switch (answer) {
            case Fetched.Failed(var url, var trouble) ->
                Optional.of("asked by a page of another site: " + trouble.reason());
            case Fetched.Response response
            when Redirects.location(response).isPresent() ->
                Optional.of("asked by a page of another site it redirects, which it did not do before");
            case Fetched.Response response -> Obstacles.of(response);
        };
    }

    private static Verdict fail(Fetched.Response response) {
        var problem = value(response, ORIGIN).equals("null")
                ? Problem.of("Any site can read its pages as the visitor sees them: the origin 'null' is allowed, with"
                                + " credentials")
                        .detail("null")
                : Problem.of("Any site can read its pages as the visitor sees them: whatever origin asks is allowed,"
                                + " with credentials")
                        .detail("reflected");
        return Verdict.fail(problem.saw("page", response.url().getRawPath())
                .saw("headers", "%s: (the origin that asks)\n%s: true".formatted(ORIGIN, CREDENTIALS)));
    }

    private static String value(Fetched.Response response, String name) {
        return String.join(", ", response.headers(name)).strip();
    }
}
