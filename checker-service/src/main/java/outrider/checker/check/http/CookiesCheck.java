package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.check.http.SetCookie.SameSite;
import outrider.checker.egress.Literals;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `http.cookies`: do the cookies carry what keeps them from eavesdroppers, scripts and other sites (RFC 6265bis)?
///
/// Asked of every answer that the endpoint itself gave on the way; those of other hosts are judged there. Values are
/// never looked at.
final class CookiesCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.cookies");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        if (seen.hops().isEmpty()) {
            return OwnAnswer.silence(seen);
        }
        var own = seen.hops().stream().filter(hop -> hop.isOf(seen.endpoint())).toList();
        var obstacle = own.stream()
                .flatMap(hop -> Obstacles.of(hop.response()).stream())
                .findFirst()
                .or(() -> seen.end().unfinished());
        if (obstacle.isPresent()) {
            return new Verdict.CouldNotTell(obstacle.get());
        }
        var last = own.getLast().response().status();
        if (last >= 400) {
            return new Verdict.CouldNotTell(
                    "it answered %d, and servers often set no cookies with an error page".formatted(last));
        }
        var cookies = cookies(own);
        return cookies.isEmpty()
                ? new Verdict.Pass("it sets no cookies of its own")
                : Verdict.of(problems(cookies, seen.endpoint().secure()));
    }

    /// The cookies that a browser would be left with: a later one replaces the one before it.
    private static Collection<SetCookie> cookies(List<Hop> hops) {
        var cookies = new LinkedHashMap<List<String>, SetCookie>();
        for (var hop : hops) {
            hop.response().headers("Set-Cookie").stream()
                    .flatMap(header -> SetCookie.parse(header).stream())
                    .filter(cookie -> !cookie.removal())
                    .filter(cookie -> !CookieNames.isOfMiddleman(cookie.name()))
                    .filter(cookie -> isFor(cookie, hop.url().getHost()))
                    .forEach(cookie -> cookies.put(List.of(cookie.name(), cookie.domain(), cookie.path()), cookie));
        }
        return cookies.values();
    }

    /// Browsers drop a cookie for a domain that its host is not in, and nothing comes of it.
    private static boolean isFor(SetCookie cookie, String host) {
        var own = host.toLowerCase(Locale.ROOT);
        return cookie.domain().isEmpty()
                || own.equals(cookie.domain())
                || own.endsWith("." + cookie.domain()) && Literals.address(own).isEmpty();
    }

    private static List<Problem> problems(Collection<SetCookie> all, boolean secure) {
        var refused = all.stream().filter(cookie -> isRefused(cookie, secure)).toList();
        var kept = all.stream().filter(cookie -> !isRefused(cookie, secure)).toList();
        var problems = new ArrayList<Problem>();
        add(
                problems,
                kept,
                cookie -> isSession(cookie) && !(cookie.secure() && cookie.httpOnly()),
                Problem.of(
                                secure
                                        ? "A session cookie lacks Secure or HttpOnly"
                                        : "A session cookie is set over plain HTTP, for everybody on the way to read")
                        .detail("session")
                        .severity(Severity.MEDIUM));
        add(
                problems,
                kept,
                cookie -> !isSession(cookie) && !cookie.secure() && secure,
                Problem.of("A cookie without Secure goes over plain HTTP as well")
                        .detail("secure"));
        add(
                problems,
                kept,
                cookie -> isSession(cookie) && cookie.sameSite() == SameSite.ABSENT,
                Problem.of(
                                "A session cookie does not say whether it goes along with requests from other sites (SameSite)")
                        .detail("samesite"));
        add(
                problems,
                refused,
                cookie -> true,
                Problem.of("Browsers refuse a cookie because its attributes contradict each other")
                        .detail("refused"));
        return problems;
    }

    private static void add(
            List<Problem> problems, List<SetCookie> cookies, Predicate<SetCookie> weak, Problem problem) {
        var lines = cookies.stream()
                .filter(weak)
                .map(cookie -> "%s: %s".formatted(shown(cookie.name()), cookie.attributes()))
                .sorted()
                .distinct()
                .toList();
        if (!lines.isEmpty()) {
            problems.add(problem.saw("cookies", lines));
        }
    }

    private static boolean isSession(SetCookie cookie) {
        return CookieNames.isSession(cookie.name());
    }

    /// What browsers do not even store (section 5.7).
    private static boolean isRefused(SetCookie cookie, boolean secure) {
        var wantsSecure = cookie.hasPrefix("__Secure-") || cookie.hasPrefix("__Host-");
        var wantsHost = cookie.hasPrefix("__Host-");
        return cookie.secure() && !secure
                || wantsSecure && !cookie.secure()
                || wantsHost && !(cookie.domain().isEmpty() && cookie.path().equals("/"))
                || cookie.sameSite() == SameSite.NONE && !cookie.secure();
    }

    private static String shown(String name) {
        return name.isEmpty() ? "(no name)" : name;
    }
}
