package outrider.checker.check.http;

import java.util.List;
import java.util.Locale;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.HttpObservation.Hop;
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
            return OwnAnswer.silence(seen);
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

    private static Verdict neverSecure(HttpObservation seen) {
        var last = seen.hops().getLast().response();
        return seen.end().unfinished().<Verdict>map(Verdict.CouldNotTell::new).orElseGet(() -> {
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
            var unfinished = seen.end().unfinished();
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
