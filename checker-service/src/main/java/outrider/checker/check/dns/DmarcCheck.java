package outrider.checker.check.dns;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import outrider.checker.check.Problem;
import outrider.checker.check.PublicSuffixes;
import outrider.checker.check.Verdict;
import outrider.checker.check.dns.DmarcRecord.Policy;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `dns.dmarc`: are receivers told to refuse mail that forges the domain (RFC 7489)?
///
/// A name without a record of its own inherits that of its organizational domain.
final class DmarcCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.dmarc");

    /// Where the policy of a domain stands.
    private sealed interface Discovery {

        /// @param owner the domain that publishes it
        record Found(String owner, String text, List<String> aliases) implements Discovery {}

        record None(List<String> aliases) implements Discovery {}

        record Many(String owner, List<String> texts) implements Discovery {}

        record Unknown(String why) implements Discovery {}

        record Ask(DnsQuestion question) implements Discovery {}
    }

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        var asks = new LinkedHashSet<>(Set.of(existence(soFar)));
        switch (discover(soFar)) {
            case Discovery.Ask(var question) -> asks.add(question);
            case Discovery.Found found -> asks.addAll(consents(found));
            case Discovery.None none -> {}
            case Discovery.Many many -> {}
            case Discovery.Unknown unknown -> {}
        }
        return asks;
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        if (seen.answer(existence(seen)).orElseThrow() instanceof DnsAnswer.NoName) {
            return new Verdict.CouldNotTell("%s does not exist (NXDOMAIN)".formatted(seen.domain()));
        }
        return switch (discover(seen)) {
            case Discovery.Found found -> judge(seen, found);
            case Discovery.None(var aliases) ->
                Verdict.fail(withAliases(
                        Problem.of("There is no DMARC record: receivers are not told what to do with forged mail")
                                .detail("missing"),
                        aliases));
            case Discovery.Many(var owner, var texts) ->
                Verdict.fail(Problem.of("%s has %d DMARC records, so receivers use none".formatted(owner, texts.size()))
                        .detail("multiple")
                        .saw("records", texts));
            case Discovery.Unknown(var why) -> new Verdict.CouldNotTell(why);
            case Discovery.Ask(var question) -> throw new IllegalStateException("Not asked: " + question);
        };
    }

    private static Verdict judge(DnsObservation seen, Discovery.Found found) {
        var record = DmarcRecord.parse(found.text());
        var own = found.owner().equals(seen.domain());
        var policy = own ? record.policy() : record.subdomainPolicy();
        if (policy.isEmpty()) {
            return Verdict.fail(evidence(
                    Problem.of("The DMARC record has no valid policy, so receivers ignore it")
                            .detail("policy"),
                    found));
        }
        var unwilling = new ArrayList<String>();
        for (var question : consents(found)) {
            var answer = seen.answer(question).orElseThrow();
            if (answer instanceof DnsAnswer.Failure(var reason)) {
                return new Verdict.CouldNotTell(reason);
            }
            if (Texts.of(answer).noneMatch(DmarcRecord::claims)) {
                unwilling.add(question.name());
            }
        }
        var problems = new ArrayList<Problem>();
        weakPolicy(record, policy.get(), own).ifPresent(problems::add);
        if (!unwilling.isEmpty()) {
            problems.add(Problem.of("DMARC reports go to another domain that has not agreed to take them")
                    .detail("reports")
                    .severity(Severity.LOW)
                    .saw("missing", unwilling));
        }
        return Verdict.of(
                problems.stream().map(problem -> evidence(problem, found)).toList());
    }

    private static Optional<Problem> weakPolicy(DmarcRecord record, Policy policy, boolean own) {
        if (policy == Policy.NONE) {
            return Optional.of(
                    Problem.of("The DMARC policy is none: forged mail is delivered as if there were no policy")
                            .detail("policy"));
        }
        if (record.percent() < 100) {
            return Optional.of(Problem.of("The DMARC policy %s applies to only %d %% of forged mail"
                            .formatted(policy, record.percent()))
                    .detail("percent")
                    .severity(Severity.LOW));
        }
        return own && record.subdomainPolicy().equals(Optional.of(Policy.NONE))
                ? Optional.of(Problem.of("The DMARC policy leaves out all subdomains (sp=none)")
                        .detail("subdomains")
                        .severity(Severity.LOW))
                : Optional.empty();
    }

    private static Discovery discover(DnsObservation seen) {
        var own = discoverAt(seen, seen.domain());
        var organization = PublicSuffixes.organizationalDomain(seen.domain());
        return own instanceof Discovery.None && !organization.equals(seen.domain())
                ? discoverAt(seen, organization)
                : own;
    }

    private static Discovery discoverAt(DnsObservation seen, String owner) {
        var question = new DnsQuestion("_dmarc." + owner, Type.TXT);
        return switch (seen.answer(question).orElse(null)) {
            case null -> new Discovery.Ask(question);
            case DnsAnswer.Failure(var reason) -> new Discovery.Unknown(reason);
            case DnsAnswer.NoData(var aliases) -> new Discovery.None(aliases);
            case DnsAnswer.NoName(var aliases) -> new Discovery.None(aliases);
            case DnsAnswer.Records answer -> {
                var texts = Texts.of(answer).filter(DmarcRecord::claims).toList();
                yield switch (texts.size()) {
                    case 0 -> new Discovery.None(answer.aliases());
                    case 1 -> new Discovery.Found(owner, texts.getFirst(), answer.aliases());
                    default -> new Discovery.Many(owner, texts);
                };
            }
        };
    }

    /// What to ask where reports leave the organization: the other side must say that it takes them (section 7.1).
    private static List<DnsQuestion> consents(Discovery.Found found) {
        var home = PublicSuffixes.organizationalDomain(found.owner());
        return DmarcRecord.parse(found.text()).reportDomains().stream()
                .filter(domain -> !PublicSuffixes.organizationalDomain(domain).equals(home))
                .map(domain -> new DnsQuestion("%s._report._dmarc.%s".formatted(found.owner(), domain), Type.TXT))
                .toList();
    }

    private static Problem evidence(Problem problem, Discovery.Found found) {
        return withAliases(
                problem.saw("record", found.text()).saw("published_by", "_dmarc." + found.owner()), found.aliases());
    }

    private static Problem withAliases(Problem problem, List<String> aliases) {
        return aliases.isEmpty() ? problem : problem.saw("aliases", aliases);
    }

    private static DnsQuestion existence(DnsObservation seen) {
        return new DnsQuestion(seen.domain(), Type.TXT);
    }
}
