package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.PublicSuffixes;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.SubResource.Kind;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Literals;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `http.mixed-sri`: does all that the page loads come over HTTPS, and are strangers' scripts held to a hash (Mixed
/// Content; Subresource Integrity)?
final class MixedSriCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.mixed-sri");
    private static final int MAX_SHOWN = 20;

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        return OwnAnswer.judgePage(seen, (response, page) -> {
            if (!seen.endpoint().secure()) {
                return new Verdict.NotApplicable("the page itself comes over plain HTTP");
            }
            return page.whole()
                    ? Verdict.of(problems(response, page))
                    : new Verdict.CouldNotTell("its page is larger than what is read of a page");
        });
    }

    private static List<Problem> problems(Fetched.Response response, Page page) {
        var mended = ContentPolicy.enforced(response, page).stream()
                .anyMatch(policy -> policy.has("upgrade-insecure-requests"));
        var host = WebAddress.of(response.url()).host();
        var problems = new ArrayList<Problem>();
        if (!mended) {
            add(
                    problems,
                    page,
                    of -> isInsecure(of) && of.kind() != Kind.MEDIA && of.kind() != Kind.FORM,
                    Problem.of("The page loads scripts, styles or frames over plain HTTP, and browsers block them")
                            .detail("active"));
            add(
                    problems,
                    page,
                    of -> isInsecure(of) && of.kind() == Kind.FORM,
                    Problem.of("A form on the page sends what is typed in over plain HTTP")
                            .detail("form"));
            add(
                    problems,
                    page,
                    of -> isInsecure(of) && of.kind() == Kind.MEDIA,
                    Problem.of("The page loads pictures or sound over plain HTTP")
                            .detail("passive")
                            .severity(Severity.INFO));
        }
        add(
                problems,
                page,
                of -> isUnpinned(of, host),
                Problem.of("The page runs other sites' scripts or styles without holding them to a hash (integrity)")
                        .detail("integrity")
                        .severity(Severity.INFO));
        return problems;
    }

    private static boolean isInsecure(SubResource resource) {
        return !resource.address().secure() && !resource.address().isLocal();
    }

    private static boolean isUnpinned(SubResource resource, String host) {
        return (resource.kind() == Kind.SCRIPT || resource.kind() == Kind.STYLE)
                && resource.address().secure()
                && !resource.pinned()
                && !isSameSite(resource.address().host(), host);
    }

    /// Whether one owner registered both.
    private static boolean isSameSite(String one, String other) {
        return one.equals(other)
                || Literals.address(one).isEmpty()
                        && Literals.address(other).isEmpty()
                        && PublicSuffixes.organizationalDomain(one).equals(PublicSuffixes.organizationalDomain(other));
    }

    private static void add(List<Problem> problems, Page page, Predicate<SubResource> bad, Problem problem) {
        var all = page.resources().stream()
                .filter(bad)
                .map(of -> "%s %s".formatted(of.kind().name().toLowerCase(Locale.ROOT), of.address()))
                .sorted()
                .distinct()
                .toList();
        if (!all.isEmpty()) {
            var shown = new ArrayList<>(all.subList(0, Math.min(all.size(), MAX_SHOWN)));
            if (all.size() > MAX_SHOWN) {
                shown.add("and %d more".formatted(all.size() - MAX_SHOWN));
            }
            problems.add(problem.saw("resources", shown));
        }
    }
}
