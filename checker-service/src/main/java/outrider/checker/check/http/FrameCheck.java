package outrider.checker.check.http;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Fetched;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `http.frame`: is it said which sites may show the page in a frame?
///
/// Where a policy has `frame-ancestors`, browsers ignore `X-Frame-Options` (CSP level 3, section 6.4.2; HTML,
/// section 7.4.5).
final class FrameCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.frame");
    private static final String ANCESTORS = "frame-ancestors";
    private static final String OPTIONS = "X-Frame-Options";
    private static final Set<String> REFUSING = Set.of("deny", "sameorigin");
    private static final Set<String> KNOWN = Set.of("deny", "sameorigin", "allowall");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        return OwnAnswer.judgePage(seen, FrameCheck::judge);
    }

    private static Verdict judge(Fetched.Response response, Page page) {
        var policies = ContentPolicy.enforced(response).stream()
                .filter(policy -> policy.has(ANCESTORS))
                .toList();
        if (!policies.isEmpty()) {
            return byPolicy(policies);
        }
        var options = options(response);
        if (options.isEmpty()) {
            return missing(page);
        }
        var header = String.join(", ", response.headers(OPTIONS));
        if (options.size() > 1) {
            return options.stream().anyMatch(KNOWN::contains)
                    ? Verdict.fail(problem(
                                    "conflict",
                                    "X-Frame-Options contradicts itself, so browsers refuse every frame or none",
                                    header)
                            .severity(Severity.INFO))
                    : Verdict.fail(problem("malformed", "X-Frame-Options says nothing that browsers know", header));
        }
        var option = options.iterator().next();
        if (REFUSING.contains(option)) {
            return Verdict.pass();
        }
        return option.startsWith("allow-from")
                ? Verdict.fail(problem(
                        "allow-from", "X-Frame-Options: ALLOW-FROM is obsolete, and browsers ignore it", header))
                : Verdict.fail(problem("malformed", "X-Frame-Options says nothing that browsers know", header));
    }

    private static Verdict byPolicy(List<ContentPolicy> policies) {
        var open = policies.stream()
                .allMatch(policy ->
                        policy.sources(ANCESTORS).map(SourceList::allowsAnyHost).orElse(true));
        return open
                ? Verdict.fail(Problem.of("Its frame-ancestors lets any site show the page in a frame")
                        .detail("any-ancestor")
                        .saw(
                                "policy",
                                policies.stream()
                                        .flatMap(policy -> policy.shown(ANCESTORS).stream())
                                        .toList()))
                : Verdict.pass();
    }

    private static Verdict missing(Page page) {
        var inPage = page.policies().stream()
                .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(ANCESTORS));
        return Verdict.fail(Problem.of(
                        inPage
                                ? "Any site may show the page in a frame: browsers ignore frame-ancestors in a meta element"
                                : "Any site may show the page in a frame")
                .detail("missing"));
    }

    /// All values of all headers, each once, as browsers compare them.
    private static Set<String> options(Fetched.Response response) {
        var options = new HashSet<String>();
        for (var header : response.headers(OPTIONS)) {
            for (var value : Tokens.parts(header, ',')) {
                options.add(value.toLowerCase(Locale.ROOT));
            }
        }
        return options;
    }

    private static Problem problem(String detail, String title, String header) {
        return Problem.of(title).detail(detail).saw("header", header);
    }
}
