package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Fetched;
import outrider.insight.CheckId;

/// `http.headers-minor`: are the small protective headers there, and the versions of the software not?
///
/// One insight lists it all. A header that does nothing for what was answered is not asked for, and neither is one
/// whose absence browsers take as the strict choice (`Permissions-Policy`, `Cross-Origin-Resource-Policy`).
final class MinorHeadersCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.headers-minor");
    private static final String REFERRER = "Referrer-Policy";
    private static final String OPENER = "Cross-Origin-Opener-Policy";
    private static final String RESOURCE = "Cross-Origin-Resource-Policy";
    private static final Set<String> REFERRER_LEAKS = Set.of("unsafe-url", "no-referrer-when-downgrade");
    private static final Set<String> REFERRER_POLICIES = Set.of(
            "no-referrer",
            "no-referrer-when-downgrade",
            "same-origin",
            "origin",
            "strict-origin",
            "origin-when-cross-origin",
            "strict-origin-when-cross-origin",
            "unsafe-url");
    private static final Set<String> OPENER_POLICIES =
            Set.of("same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none");
    private static final Set<String> RESOURCE_POLICIES = Set.of("same-origin", "same-site", "cross-origin");
    private static final List<String> BANNERS =
            List.of("Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Generator");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        return OwnAnswer.judge(seen, response -> judge(response, seen));
    }

    private static Verdict judge(Fetched.Response response, HttpObservation seen) {
        var html = MediaType.isHtml(response);
        if (html && seen.page().filter(Page::headWhole).isEmpty()) {
            return new Verdict.CouldNotTell("the head of its page was not read to its end");
        }
        var findings = new ArrayList<String>();
        if (response.body().length > 0 && !MediaType.mayNotBeSniffed(response)) {
            findings.add("X-Content-Type-Options: nosniff is missing");
        }
        if (html) {
            referrer(response, seen.page()).ifPresent(findings::add);
        }
        if (html && seen.endpoint().secure()) {
            opener(response).ifPresent(findings::add);
        }
        resource(response).ifPresent(findings::add);
        BANNERS.forEach(name -> response.headers(name).stream()
                .filter(MinorHeadersCheck::hasVersion)
                .forEach(value -> findings.add("%s tells a version: %s".formatted(name, value))));
        return findings.isEmpty()
                ? Verdict.pass()
                : Verdict.fail(Problem.of("Its answers lack small protective headers or tell software versions")
                        .saw("headers", findings));
    }

    /// Of several policies the last one that browsers know counts, and one in the page after those of the headers
    /// (Referrer Policy, sections 4 and 8.1).
    private static Optional<String> referrer(Fetched.Response response, Optional<Page> page) {
        var last = Stream.concat(response.headers(REFERRER).stream(), page.flatMap(Page::referrerPolicy).stream())
                .flatMap(value -> Tokens.parts(value, ',').stream())
                .map(policy -> policy.toLowerCase(Locale.ROOT))
                .filter(REFERRER_POLICIES::contains)
                .reduce((earlier, later) -> later);
        return last.isEmpty()
                ? Optional.of("Referrer-Policy is missing")
                : last.filter(REFERRER_LEAKS::contains)
                        .map("Referrer-Policy %s gives whole addresses to other sites"::formatted);
    }

    private static Optional<String> opener(Fetched.Response response) {
        var policy = response.header(OPENER).map(MinorHeadersCheck::token);
        return policy.isEmpty()
                ? Optional.of("Cross-Origin-Opener-Policy is missing")
                : policy.filter(value -> !OPENER_POLICIES.contains(value))
                        .map(value -> "Cross-Origin-Opener-Policy says nothing that browsers know");
    }

    private static Optional<String> resource(Fetched.Response response) {
        return response.header(RESOURCE)
                .filter(value -> !RESOURCE_POLICIES.contains(token(value)))
                .map(value -> "Cross-Origin-Resource-Policy says nothing that browsers know");
    }

    private static String token(String value) {
        return Tokens.before(value, ";").strip();
    }

    /// Whether there is a number with a dot and another number in it.
    private static boolean hasVersion(String banner) {
        for (var i = 1; i < banner.length() - 1; i++) {
            if (banner.charAt(i) == '.' && isDigit(banner.charAt(i - 1)) && isDigit(banner.charAt(i + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
