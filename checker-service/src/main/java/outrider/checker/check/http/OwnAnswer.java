package outrider.checker.check.http;

import java.util.function.BiFunction;
import java.util.function.Function;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Trouble.Kind;

/// Which answer speaks for an endpoint: the one at the end of its redirects, if that is still the endpoint's own.
///
/// A redirect elsewhere, be it another host or from http to https, has no page that browsers show; where it leads is
/// an endpoint of its own and judged there, so that no page is complained of twice.
final class OwnAnswer {

    private OwnAnswer() {}

    /// What the judge says of the endpoint's own answer with a 2xx; why there is none otherwise.
    static Verdict judge(HttpObservation seen, Function<Fetched.Response, Verdict> judge) {
        if (seen.hops().isEmpty()) {
            return silence(seen);
        }
        var unfinished = seen.end().unfinished();
        if (unfinished.isPresent()) {
            return new Verdict.CouldNotTell(unfinished.get());
        }
        var last = seen.hops().getLast();
        if (!last.isOf(seen.endpoint())) {
            return new Verdict.NotApplicable("it leads to %s://%s, an endpoint of its own that is judged there"
                    .formatted(last.url().getScheme(), last.url().getRawAuthority()));
        }
        var response = last.response();
        var obstacle = Obstacles.of(response);
        if (obstacle.isPresent()) {
            return new Verdict.CouldNotTell(obstacle.get());
        }
        if (response.status() >= 400) {
            return new Verdict.CouldNotTell(
                    "it answered %d, and an error page says little of the others".formatted(response.status()));
        }
        return response.status() >= 300
                ? new Verdict.CouldNotTell(
                        "it answered %d, which is neither a page nor a redirect".formatted(response.status()))
                : judge.apply(response);
    }

    /// The same for what is asked of HTML only.
    static Verdict judgePage(HttpObservation seen, BiFunction<Fetched.Response, Page, Verdict> judge) {
        return judge(seen, response -> {
            if (!MediaType.isHtml(response)) {
                return new Verdict.NotApplicable(MediaType.name(response)
                        .map("it answers with %s, which browsers do not show as a page"::formatted)
                        .orElse("it answers with nothing that browsers show as a page"));
            }
            return seen.page()
                    .map(page -> judge.apply(response, page))
                    .orElseGet(() -> new Verdict.CouldNotTell("its page was not read"));
        });
    }

    /// What to say of an endpoint that gave no answer at all.
    static Verdict silence(HttpObservation seen) {
        if (!(seen.end() instanceof End.Failed(var url, var trouble))) {
            throw new IllegalStateException("No answer and no failure: " + seen.end());
        }
        return trouble.kind() == Kind.CLOSED && !seen.endpoint().secure()
                ? new Verdict.NotApplicable("nothing answers plain HTTP here: the connection was refused")
                : new Verdict.CouldNotTell(trouble.reason());
    }
}
