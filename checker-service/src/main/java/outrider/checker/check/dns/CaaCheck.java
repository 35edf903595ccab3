package outrider.checker.check.dns;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;
import outrider.insight.CheckId;

/// `dns.caa`: is it said which certificate authorities may issue for the name (RFC 8659)?
final class CaaCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.caa");
    private static final int CRITICAL = 128;
    private static final Set<String> KNOWN =
            Set.of("issue", "issuewild", "issuemail", "issuevmc", "iodef", "contactemail", "contactphone");

    /// The records that count for the name: those of the nearest name above it that has any (section 3).
    private sealed interface Climb {

        record Found(String owner, List<DnsRecord> records) implements Climb {}

        record None() implements Climb {}

        record Unknown(String why) implements Climb {}

        record Ask(DnsQuestion question) implements Climb {}
    }

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        var asks = new LinkedHashSet<>(addresses(soFar));
        if (climb(soFar) instanceof Climb.Ask(var question)) {
            asks.add(question);
        }
        return asks;
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        var answers = addresses(seen).stream()
                .map(question -> seen.answer(question).orElseThrow())
                .toList();
        if (answers.getFirst() instanceof DnsAnswer.NoName(var aliases) && aliases.isEmpty()) {
            return new Verdict.CouldNotTell("%s does not exist (NXDOMAIN)".formatted(seen.domain()));
        }
        if (answers.stream().noneMatch(DnsAnswer.Records.class::isInstance)) {
            return answers.stream()
                    .filter(DnsAnswer.Failure.class::isInstance)
                    .<Verdict>map(failure -> new Verdict.CouldNotTell(((DnsAnswer.Failure) failure).reason()))
                    .findFirst()
                    .orElse(new Verdict.NotApplicable("the name has no address, so it serves no TLS"));
        }
        return switch (climb(seen)) {
            case Climb.Found(var owner, var records) -> judge(owner, records);
            case Climb.None none ->
                Verdict.fail(Problem.of("No CAA record restricts who may issue certificates")
                        .detail("missing"));
            case Climb.Unknown(var why) -> new Verdict.CouldNotTell(why);
            case Climb.Ask(var question) -> throw new IllegalStateException("Not asked: " + question);
        };
    }

    private static Verdict judge(String owner, List<DnsRecord> records) {
        var properties = records.stream()
                .filter(DnsRecord.Caa.class::isInstance)
                .map(DnsRecord.Caa.class::cast)
                .toList();
        var unknown = properties.stream()
                .filter(caa -> (caa.flags() & CRITICAL) != 0 && !KNOWN.contains(caa.tag()))
                .findFirst();
        var shown = properties.stream()
                .map(caa -> "%d %s \"%s\"".formatted(caa.flags(), caa.tag(), caa.value()))
                .sorted()
                .toList();
        if (unknown.isPresent()) {
            return Verdict.fail(
                    Problem.of("A CAA property that authorities do not know is marked critical, so none will issue")
                            .detail("critical")
                            .saw("owner", owner)
                            .saw("records", shown));
        }
        return properties.stream().anyMatch(caa -> caa.tag().equals("issue"))
                ? Verdict.pass()
                : Verdict.fail(
                        Problem.of("There are CAA records, but without the property issue every authority may issue")
                                .detail("issue")
                                .saw("owner", owner)
                                .saw("records", shown));
    }

    private static Climb climb(DnsObservation seen) {
        for (var name = seen.domain(); !name.isEmpty(); name = parent(name)) {
            var question = new DnsQuestion(name, Type.CAA);
            switch (seen.answer(question).orElse(null)) {
                case null -> {
                    return new Climb.Ask(question);
                }
                case DnsAnswer.Records(var aliases, var records) -> {
                    return new Climb.Found(name, records);
                }
                case DnsAnswer.Failure(var reason) -> {
                    return new Climb.Unknown(reason);
                }
                case DnsAnswer.NoData none -> {}
                case DnsAnswer.NoName none -> {}
            }
        }
        return new Climb.None();
    }

    private static String parent(String name) {
        var dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    private static List<DnsQuestion> addresses(DnsObservation seen) {
        return List.of(new DnsQuestion(seen.domain(), Type.A), new DnsQuestion(seen.domain(), Type.AAAA));
    }
}
