package outrider.checker.check.dns;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.dns.SpfRecord.Kind;
import outrider.checker.check.dns.SpfRecord.SyntaxException;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;
import outrider.insight.CheckId;
import outrider.insight.Severity;
import outrider.scan.AssetKind;

/// `dns.spf`: does the domain say who may send its mail, in a way that receivers follow (RFC 7208)?
///
/// A domain that takes no mail is asked for less: it should say that nobody sends for it, and a host without mail need
/// not even say that, because the DMARC policy of its domain covers it.
final class SpfCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.spf");

    /// What the MX records say of mail to the domain.
    private enum Mail {
        TAKEN,
        /// A null MX (RFC 7505).
        REFUSED,
        /// No MX at all: mail would go to the address of the name itself, if anywhere.
        UNSAID
    }

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        var asks = new HashSet<>(Set.of(texts(soFar), mail(soFar)));
        soFar.answer(texts(soFar))
                .map(SpfWalk::claims)
                .filter(claims -> claims.size() == 1)
                .ifPresent(claims -> {
                    try {
                        asks.addAll(SpfWalk.of(soFar, SpfRecord.parse(claims.getFirst()))
                                .missing());
                    } catch (SyntaxException e) {
                        // The verdict will say so; there is nothing to follow.
                    }
                });
        return asks;
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        var texts = seen.answer(texts(seen)).orElseThrow();
        var exchangers = seen.answer(mail(seen)).orElseThrow();
        for (var answer : List.of(texts, exchangers)) {
            if (answer instanceof DnsAnswer.Failure(var reason)) {
                return new Verdict.CouldNotTell(reason);
            }
        }
        if (texts instanceof DnsAnswer.NoName) {
            return new Verdict.CouldNotTell("%s does not exist (NXDOMAIN)".formatted(seen.domain()));
        }
        var claims = SpfWalk.claims(texts);
        return switch (claims.size()) {
            case 0 -> missing(seen, texts, mail(exchangers));
            case 1 -> one(seen, claims.getFirst(), mail(exchangers));
            default ->
                Verdict.fail(Problem.of("There are %d SPF records, so receivers use none".formatted(claims.size()))
                        .detail("multiple")
                        .saw("records", claims));
        };
    }

    private static Verdict missing(DnsObservation seen, DnsAnswer texts, Mail mail) {
        if (seen.kind() == AssetKind.HOST && mail == Mail.UNSAID) {
            return new Verdict.NotApplicable(
                    "the host has neither MX nor SPF: it takes no part in mail, and its domain's DMARC policy covers it");
        }
        var problem = (mail == Mail.TAKEN
                        ? Problem.of("There is no SPF record: receivers cannot tell who may send this domain's mail")
                        : Problem.of("The domain takes no mail, but no SPF record says that nobody sends for it")
                                .severity(Severity.LOW))
                .detail("missing");
        var almost = Texts.of(texts)
                .filter(text -> text.toLowerCase(java.util.Locale.ROOT).contains("spf1"))
                .toList();
        return Verdict.fail(almost.isEmpty() ? problem : problem.saw("ignored", almost));
    }

    private static Verdict one(DnsObservation seen, String text, Mail mail) {
        SpfRecord record;
        try {
            record = SpfRecord.parse(text);
        } catch (SyntaxException e) {
            return Verdict.fail(Problem.of("The SPF record is malformed, so receivers ignore it: " + e.getMessage())
                    .detail("syntax")
                    .saw("record", text));
        }
        var walk = SpfWalk.of(seen, record);
        if (!walk.failures().isEmpty()) {
            return new Verdict.CouldNotTell(walk.failures().getFirst());
        }
        var problems = new ArrayList<Problem>();
        receiversGiveUp(walk).ifPresent(problems::add);
        tooManyLookups(walk).ifPresent(problems::add);
        tooManyVoids(walk).ifPresent(problems::add);
        weakEnd(walk, mail).ifPresent(problems::add);
        if (record.mechanisms().stream().anyMatch(term -> term.kind() == Kind.PTR)) {
            problems.add(Problem.of("The SPF record uses ptr, which is slow and ignored by large receivers")
                    .detail("ptr")
                    .severity(Severity.LOW));
        }
        return Verdict.of(
                problems.stream().map(problem -> problem.saw("record", text)).toList());
    }

    private static Optional<Problem> receiversGiveUp(SpfWalk walk) {
        return walk.broken().stream()
                .findFirst()
                .map(first -> Problem.of("Receivers give up on the SPF record: " + first)
                        .detail("broken")
                        .saw("reasons", walk.broken()));
    }

    private static Optional<Problem> tooManyLookups(SpfWalk walk) {
        return walk.lookups() <= SpfWalk.MAX_LOOKUPS
                ? Optional.empty()
                : Optional.of(Problem.of("The SPF record needs more than %d DNS lookups, where receivers give up"
                                .formatted(SpfWalk.MAX_LOOKUPS))
                        .detail("lookups")
                        .saw("lookups", String.valueOf(walk.lookups())));
    }

    private static Optional<Problem> tooManyVoids(SpfWalk walk) {
        return walk.voids().size() <= SpfWalk.MAX_VOIDS
                ? Optional.empty()
                : Optional.of(Problem.of(
                                "The SPF record leads to more than %d names without records, where receivers may give up"
                                        .formatted(SpfWalk.MAX_VOIDS))
                        .detail("void-lookups")
                        .severity(Severity.LOW)
                        .saw("names", walk.voids()));
    }

    private static Optional<Problem> weakEnd(SpfWalk walk, Mail mail) {
        if (walk.passesEveryone()) {
            return Optional.of(Problem.of("The SPF record lets every sender pass")
                    .detail("all")
                    .severity(Severity.HIGH));
        }
        if (!walk.broken().isEmpty() || walk.mysterious()) {
            return Optional.empty();
        }
        var ending = walk.ending().map(qualifier -> qualifier + "all").orElse("no all");
        var enough = mail == Mail.REFUSED ? Set.of("-all") : Set.of("-all", "~all");
        return enough.contains(ending)
                ? Optional.empty()
                : Optional.of(Problem.of(
                                mail == Mail.REFUSED
                                        ? "The domain refuses mail, but its SPF record ends in %s and not in -all"
                                                .formatted(ending)
                                        : "The SPF record ends in %s, so it rejects nobody".formatted(ending))
                        .detail("all")
                        .severity(Severity.LOW));
    }

    private static Mail mail(DnsAnswer exchangers) {
        if (!(exchangers instanceof DnsAnswer.Records(var aliases, var records))) {
            return Mail.UNSAID;
        }
        return records.size() == 1
                        && records.getFirst() instanceof DnsRecord.Mx(var preference, var host)
                        && host.isEmpty()
                ? Mail.REFUSED
                : Mail.TAKEN;
    }

    private static DnsQuestion texts(DnsObservation seen) {
        return new DnsQuestion(seen.domain(), Type.TXT);
    }

    private static DnsQuestion mail(DnsObservation seen) {
        return new DnsQuestion(seen.domain(), Type.MX);
    }
}
