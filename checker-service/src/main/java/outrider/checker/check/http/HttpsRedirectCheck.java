package outrider.checker.check.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.egress.Trouble.Kind;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `http.https-redirect`: does plain HTTP lead to HTTPS, on the same host first and never back?
final class HttpsRedirectCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.https-redirect");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        if (seen.endpoint().secure()) {
            return new Verdict.NotApplicable("this endpoint is https already");
        }
        if (seen.hops().isEmpty()) {
            return unreachable(seen.end());
        }
        var obstacle = seen.hops().stream()
                .filter(hop -> !hop.secure())
                .flatMap(hop -> Obstacles.of(hop.response()).stream())
                .findFirst();
        if (obstacle.isPresent()) {
            return new Verdict.CouldNotTell(obstacle.get());
        }
        var firstSecure = seen.hops().stream().filter(Hop::secure).findFirst();
        return firstSecure.isEmpty() ? neverSecure(seen) : reachesHttps(seen, firstSecure.get());
    }

    private static Verdict unreachable(End end) {
        if (!(end instanceof End.Failed(var url, var trouble))) {
            throw new IllegalStateException("No answer and no failure: " + end);
        }
        return trouble.kind() == Kind.CLOSED
                ? new Verdict.NotApplicable("nothing answers plain HTTP here: the connection was refused")
                : new Verdict.CouldNotTell(trouble.reason());
    }

    private static Verdict neverSecure(HttpObservation seen) {
        var last = seen.hops().getLast().response();
        return unfinished(seen.end()).<Verdict>map(Verdict.CouldNotTell::new).orElseGet(() -> {
            if (last.status() == 401) {
                return fail("password", "A password is asked for over plain HTTP", seen);
            }
            if (last.status() >= 400) {
                return new Verdict.NotApplicable("it refuses plain HTTP with %d".formatted(last.status()));
            }
            return last.status() >= 300
                    ? new Verdict.CouldNotTell(
                            "it answered %d, which is neither a page nor a redirect".formatted(last.status()))
                    : fail("no-redirect", "The site is served over plain HTTP without a redirect to HTTPS", seen);
        });
    }

    private static Verdict reachesHttps(HttpObservation seen, Hop firstSecure) {
        var hops = seen.hops();
        var after = hops.subList(hops.indexOf(firstSecure) + 1, hops.size());
        var backByCircle = seen.end() instanceof End.Circle(var url) && "http".equals(url.getScheme());
        if (backByCircle || after.stream().anyMatch(hop -> !hop.secure())) {
            return fail("downgrade", "HTTPS redirects back to plain HTTP", seen);
        }
        if (!(seen.end() instanceof End.Circle)) {
            var unfinished = unfinished(seen.end());
            if (unfinished.isPresent()) {
                return new Verdict.CouldNotTell(unfinished.get());
            }
        }
        if (hops.indexOf(firstSecure) > 1) {
            return low("detour", "HTTPS is reached only after another redirect over plain HTTP", seen);
        }
        return sameHost(seen.endpoint().host(), firstSecure.url().getHost())
                ? Verdict.pass()
                : low(
                        "other-host",
                        "The redirect to HTTPS leads to another host first, so HSTS never covers this one",
                        seen);
    }

    /// Why the end of the way is not known.
    private static Optional<String> unfinished(End end) {
        return switch (end) {
            case End.Arrived arrived -> Optional.empty();
            case End.Failed(var url, var trouble) ->
                Optional.of("it redirects to %s, and there: %s".formatted(url, trouble.reason()));
            case End.Circle(var url) ->
                Optional.of("it redirects in a circle over %s, which may depend on cookies".formatted(url));
            case End.TooLong tooLong -> Optional.of("it redirects more often than browsers follow");
            case End.Nowhere(var location) -> Optional.of("it redirects to no web address: " + location);
        };
    }

    private static boolean sameHost(String host, String other) {
        return bare(host).equals(bare(other));
    }

    private static String bare(String host) {
        var lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static Verdict low(String detail, String title, HttpObservation seen) {
        return Verdict.fail(problem(detail, title, seen.hops()).severity(Severity.LOW));
    }

    private static Verdict fail(String detail, String title, HttpObservation seen) {
        return Verdict.fail(problem(detail, title, seen.hops()));
    }

    private static Problem problem(String detail, String title, List<Hop> hops) {
        var way = hops.stream()
                .map(hop -> "%d %s://%s"
                        .formatted(
                                hop.response().status(),
                                hop.url().getScheme(),
                                hop.url().getRawAuthority()))
                .toList();
        return Problem.of(title).detail(detail).saw("way", way);
    }
}
