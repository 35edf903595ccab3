package outrider.checker.check.dns;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.dns.DkimKey.Material;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `dns.dkim`: are the DKIM keys that can be found strong and usable (RFC 6376, 8301, 8463)?
///
/// Selectors cannot be listed. So a few are tried that large providers and the usual software set up under a fixed
/// name; what is not found is never a problem. Where nothing exists below `_domainkey`, one question says so
/// (RFC 8020).
final class DkimCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.dkim");

    /// `default` and `mail` are what manuals of OpenDKIM, cPanel and Plesk set up, `dkim` what Rspamd does; then Google
    /// Workspace, Microsoft 365 (2), SendGrid (2), Mailchimp, Fastmail, Proton Mail and iCloud.
    static final List<String> SELECTORS = List.of(
            "default",
            "mail",
            "dkim",
            "google",
            "selector1",
            "selector2",
            "s1",
            "s2",
            "k1",
            "fm1",
            "protonmail",
            "sig1");

    private static final String WILDCARD = "*";

    /// Verifiers must not accept fewer bits, and signers should not use fewer than the second (RFC 8301, section 3.2).
    private static final int LEAST_BITS = 1024;

    private static final int ENOUGH_BITS = 2048;

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        var asks = new LinkedHashSet<>(Set.of(parent(soFar)));
        if (soFar.answer(parent(soFar)).filter(DkimCheck::mayHaveKeys).isPresent()) {
            asks.addAll(selectors(soFar));
        }
        if (selectors(soFar).stream()
                .anyMatch(question -> soFar.answer(question).stream()
                        .flatMap(Texts::of)
                        .findAny()
                        .isPresent())) {
            asks.add(wildcard(soFar));
        }
        return asks;
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        for (var question : asks(seen)) {
            if (seen.answer(question).orElseThrow() instanceof DnsAnswer.Failure(var reason)) {
                return new Verdict.CouldNotTell(reason);
            }
        }
        var everywhere = seen.answer(wildcard(seen)).map(DkimCheck::texts).orElse(List.of());
        var keys = 0;
        var problems = new ArrayList<Problem>();
        for (var question : selectors(seen)) {
            var texts = seen.answer(question).map(DkimCheck::texts).orElse(List.of());
            if (!texts.isEmpty() && !texts.equals(everywhere)) {
                var selector = question.name().substring(0, question.name().indexOf('.'));
                keys += judge(selector, texts, problems);
            }
        }
        var wild = new ArrayList<Problem>();
        keys += judge(WILDCARD, everywhere, wild);
        wild.forEach(problem -> problems.add(problem.tentative()));
        return keys == 0
                ? new Verdict.NotApplicable(
                        "no key is at the selectors that are tried, and what others there are cannot be listed")
                : Verdict.of(problems);
    }

    /// Adds what is wrong at one selector, and tells how many key records it has.
    private static int judge(String selector, List<String> texts, List<Problem> problems) {
        var records = texts.stream()
                .flatMap(text -> DkimKey.of(text).stream())
                .distinct()
                .toList();
        if (records.size() > 1) {
            problems.add(problem(
                            selector,
                            "multiple",
                            "%d key records, of which receivers take any or none".formatted(records.size()))
                    .saw("records", texts));
        } else if (!records.isEmpty()) {
            judge(selector, records.getFirst()).ifPresent(problem -> problems.add(problem.saw("records", texts)));
        }
        return records.size();
    }

    private static Optional<Problem> judge(String selector, DkimKey key) {
        return switch (key.material()) {
            case Material.Revoked revoked -> Optional.empty();
            case Material.Broken(var what) ->
                Optional.of(problem(selector, "malformed", "a key that cannot be read: it " + what));
            case Material.Unknown(var type) ->
                Optional.of(problem(selector, "type", "a key of the type %s, which receivers ignore".formatted(type)));
            case Material.Rsa(var bits)
            when bits < LEAST_BITS ->
                Optional.of(problem(selector, "weak", "a key of only %d bits, which can be broken".formatted(bits))
                        .severity(Severity.MEDIUM));
            case Material.Rsa rsa when key.onlySha1() -> Optional.of(sha1(selector));
            case Material.Ed25519 ed25519 when key.onlySha1() -> Optional.of(sha1(selector));
            case Material.Rsa(var bits)
            when bits < ENOUGH_BITS ->
                Optional.of(problem(selector, "short", "a key of %d bits; it should have 2048".formatted(bits)));
            case Material.Rsa rsa -> Optional.empty();
            case Material.Ed25519 ed25519 -> Optional.empty();
        };
    }

    private static Problem sha1(String selector) {
        return problem(selector, "sha1", "a key for SHA-1 alone, which receivers no longer verify");
    }

    private static Problem problem(String selector, String kind, String what) {
        return Problem.of("The DKIM selector %s has %s".formatted(selector, what))
                .detail(selector + "/" + kind);
    }

    private static List<String> texts(DnsAnswer answer) {
        return Texts.of(answer).sorted().toList();
    }

    /// A server that wrongly denies a name without records of its own hides the keys below it: they are missed, but no
    /// problem is invented.
    private static boolean mayHaveKeys(DnsAnswer answer) {
        return !(answer instanceof DnsAnswer.NoName) && !(answer instanceof DnsAnswer.Failure);
    }

    private static List<DnsQuestion> selectors(DnsObservation seen) {
        return SELECTORS.stream()
                .map(selector -> new DnsQuestion("%s._domainkey.%s".formatted(selector, seen.domain()), Type.TXT))
                .toList();
    }

    private static DnsQuestion parent(DnsObservation seen) {
        return new DnsQuestion("_domainkey." + seen.domain(), Type.TXT);
    }

    private static DnsQuestion wildcard(DnsObservation seen) {
        return new DnsQuestion(Unlikely.below("_domainkey." + seen.domain()), Type.TXT);
    }
}
