package outrider.checker.check.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Fetched;
import outrider.insight.CheckId;

/// `http.security-txt`: does the site say whom to tell of a weakness, in a `security.txt` that holds (RFC 9116)?
final class SecurityTxtCheck implements Judge<HttpObservation> {

    /// Where it is, and where it used to be (section 3).
    static final List<String> PLACES = List.of("/.well-known/security.txt", "/security.txt");

    private static final CheckId ID = new CheckId("http.security-txt");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        if (!seen.endpoint().secure()) {
            return new Verdict.NotApplicable("a security.txt counts over https only");
        }
        if (seen.hops().isEmpty()) {
            return OwnAnswer.silence(seen);
        }
        var obstacle = Obstacles.of(seen.hops().getFirst().response());
        return obstacle.<Verdict>map(Verdict.CouldNotTell::new).orElseGet(() -> judge(seen.probes()));
    }

    /// Whether it is worth asking for.
    static boolean isAsked(HttpObservation seen) {
        return seen.endpoint().secure()
                && !seen.hops().isEmpty()
                && Obstacles.of(seen.hops().getFirst().response()).isEmpty();
    }

    private static Verdict judge(Probes probes) {
        if (probes.securityTxt().isEmpty()) {
            return new Verdict.CouldNotTell("it was not asked");
        }
        return switch (FoundText.of(probes.securityTxt().getLast()).given(probes.nowhere())) {
            case FoundText.Unclear(var why) -> new Verdict.CouldNotTell(why);
            case FoundText.Anything anything -> new Verdict.CouldNotTell("it was not asked what it says elsewhere");
            case FoundText.Nothing nothing ->
                fail("missing", "The site does not say whom to tell of a weakness: there is no security.txt");
            case FoundText.Exposed(var location) ->
                Verdict.fail(Problem.of("The way to security.txt leads over plain HTTP, so it can be forged")
                        .detail("exposed")
                        .saw("location", location));
            case FoundText.File(var content, var response) ->
                Verdict.of(problems(content, response, probes.securityTxt().size() > 1, probes.at()));
        };
    }

    private static List<Problem> problems(
            SecurityTxt content, Fetched.Response response, boolean elsewhere, Instant now) {
        var problems = new ArrayList<Problem>();
        if (elsewhere) {
            problems.add(Problem.of("security.txt is at /security.txt only, not under /.well-known")
                    .detail("place"));
        }
        if (!FoundText.type(response).equals("text/plain")) {
            problems.add(Problem.of("security.txt is not served as text/plain")
                    .detail("type")
                    .saw("content-type", response.header("Content-Type").orElse("")));
        }
        if (!content.hasContact()) {
            problems.add(Problem.of("security.txt names no Contact that is a mailto:, https: or tel: address")
                    .detail("contact")
                    .saw("contact", content.contacts()));
        }
        expiry(content.expires(), now).ifPresent(problems::add);
        return problems;
    }

    private static Optional<Problem> expiry(List<String> expires, Instant now) {
        if (expires.size() != 1) {
            return Optional.of(Problem.of(
                            expires.isEmpty()
                                    ? "security.txt does not say until when it holds: it has no Expires"
                                    : "security.txt has more than one Expires")
                    .detail("expires")
                    .saw("expires", expires));
        }
        var time = SecurityTxt.time(expires.getFirst());
        if (time.isEmpty()) {
            return Optional.of(Problem.of("The Expires of security.txt is no time as RFC 3339 writes it")
                    .detail("expires")
                    .saw("expires", expires));
        }
        return time.filter(end -> !end.isAfter(now))
                .map(end ->
                        Problem.of("security.txt has expired").detail("expired").saw("expires", expires));
    }

    private static Verdict fail(String detail, String title) {
        return Verdict.fail(Problem.of(title).detail(detail));
    }
}
