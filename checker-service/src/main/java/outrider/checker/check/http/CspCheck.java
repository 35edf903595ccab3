package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Fetched;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `http.csp`: does a content security policy keep injected scripts from running (CSP level 3)?
///
/// Several policies hold together, so a hole counts only if all of them have it.
final class CspCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.csp");
    private static final String[] SCRIPTS = {"script-src-elem", "script-src", "default-src"};
    private static final String[] HANDLERS = {"script-src-attr", "script-src", "default-src"};
    private static final String[] EVAL = {"script-src", "default-src"};
    private static final String[] PLUGINS = {"object-src", "default-src"};

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        return OwnAnswer.judgePage(seen, CspCheck::judge);
    }

    private static Verdict judge(Fetched.Response response, Page page) {
        var policies = ContentPolicy.enforced(response, page);
        var problems = policies.isEmpty() ? List.of(missing(response)) : problems(policies);
        // One more policy in the rest of the head might mend them all.
        return problems.isEmpty() || page.headWhole()
                ? Verdict.of(problems)
                : new Verdict.CouldNotTell("the head of its page is longer than what is read of a page");
    }

    private static Problem missing(Fetched.Response response) {
        var rehearsed = response.headers("Content-Security-Policy-Report-Only").stream()
                .flatMap(ContentPolicy::list)
                .findAny();
        return rehearsed.isPresent()
                ? Problem.of("The content security policy only reports and forbids nothing")
                        .detail("missing")
                        .saw("header", "Content-Security-Policy-Report-Only")
                : Problem.of("There is no content security policy").detail("missing");
    }

    private static List<Problem> problems(List<ContentPolicy> policies) {
        if (policies.stream().anyMatch(ContentPolicy::forbidsScripts)) {
            return List.of();
        }
        if (policies.stream().allMatch(policy -> policy.sources(SCRIPTS).isEmpty())) {
            return List.of(Problem.of("The content security policy says nothing of scripts")
                    .detail("scripts")
                    .saw("directives", names(policies)));
        }
        var problems = new ArrayList<Problem>();
        inline(policies).ifPresent(problems::add);
        anySource(policies).ifPresent(problems::add);
        eval(policies).ifPresent(problems::add);
        gaps(policies).ifPresent(problems::add);
        return problems;
    }

    private static Optional<Problem> inline(List<ContentPolicy> policies) {
        var elements = allAllow(policies, SourceList::allowsAllInlineScripts, SCRIPTS);
        var handlers = allAllow(policies, SourceList::allowsAllInlineScripts, HANDLERS);
        return elements || handlers
                ? Optional.of(Problem.of("The content security policy lets any inline script run ('unsafe-inline')")
                        .detail("inline")
                        .saw("policy", shown(policies, elements ? SCRIPTS : HANDLERS)))
                : Optional.empty();
    }

    private static Optional<Problem> anySource(List<ContentPolicy> policies) {
        var hosts = allAllow(policies, list -> list.allowsAnyHost() && !list.isStrictDynamic(), SCRIPTS);
        var data = allAllow(policies, list -> list.allowsDataUrls() && !list.isStrictDynamic(), SCRIPTS);
        if (!hosts && !data) {
            return Optional.empty();
        }
        var what = hosts ? "scripts from any host" : "scripts written into data: addresses";
        return Optional.of(Problem.of("The content security policy allows " + what)
                .detail("any-source")
                .saw("policy", shown(policies, SCRIPTS)));
    }

    private static Optional<Problem> eval(List<ContentPolicy> policies) {
        return allAllow(policies, SourceList::allowsEval, EVAL)
                ? Optional.of(Problem.of("The content security policy lets scripts run text as code ('unsafe-eval')")
                        .detail("eval")
                        .severity(Severity.INFO)
                        .saw("policy", shown(policies, EVAL)))
                : Optional.empty();
    }

    /// What lets an attacker around a policy that is sound otherwise. Who names scripts by nonce trusts relative
    /// addresses as well, and a `base` element turns those elsewhere; lists of hosts do not have that weakness.
    private static Optional<Problem> gaps(List<ContentPolicy> policies) {
        var gaps = new ArrayList<String>();
        if (allAllow(policies, list -> list.allowsAnyHost() || list.allowsDataUrls(), PLUGINS)) {
            gaps.add("object-src");
        }
        var named = policies.stream()
                .flatMap(policy -> policy.sources(SCRIPTS).stream())
                .anyMatch(list -> list.namesScripts() || list.isStrictDynamic());
        if (named && allAllow(policies, SourceList::allowsAnyHost, "base-uri")) {
            gaps.add("base-uri");
        }
        return gaps.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Problem.of("The content security policy leaves a way around it open: it does not restrict "
                                        + String.join(" and ", gaps))
                                .detail("gaps")
                                .severity(Severity.INFO)
                                .saw("directives", names(policies)));
    }

    /// Whether no policy stands against it; one without any of the directives does not.
    private static boolean allAllow(List<ContentPolicy> policies, Predicate<SourceList> allows, String... names) {
        return policies.stream()
                .allMatch(policy -> policy.sources(names).map(allows::test).orElse(true));
    }

    private static List<String> shown(List<ContentPolicy> policies, String... names) {
        return policies.stream()
                .flatMap(policy -> policy.shown(names).stream())
                .distinct()
                .toList();
    }

    private static List<String> names(List<ContentPolicy> policies) {
        return policies.stream()
                .flatMap(policy -> policy.directives().keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
