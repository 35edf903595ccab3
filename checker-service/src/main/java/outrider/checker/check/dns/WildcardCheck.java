package outrider.checker.check.dns;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.insight.CheckId;

/// `dns.wildcard`: do only those names exist below the name that somebody has set up (RFC 4592)?
final class WildcardCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.wildcard");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        var asks = new LinkedHashSet<>(Set.of(ipv4(soFar)));
        // A wildcard with other records than those asked for answers NODATA; but so do some servers for every name.
        if (soFar.answer(ipv4(soFar)).orElse(null) instanceof DnsAnswer.NoData(var aliases) && aliases.isEmpty()) {
            asks.add(ipv6(soFar));
        }
        return asks;
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        for (var question : asks(seen)) {
            switch (seen.answer(question).orElseThrow()) {
                case DnsAnswer.Failure(var reason) -> {
                    return new Verdict.CouldNotTell(reason);
                }
                case DnsAnswer.Records(var aliases, var records) -> {
                    return exists(seen, aliases);
                }
                case DnsAnswer.NoData(var aliases) -> {
                    if (!aliases.isEmpty()) {
                        return exists(seen, aliases);
                    }
                }
                case DnsAnswer.NoName(var aliases) -> {
                    if (!aliases.isEmpty()) {
                        return exists(seen, aliases);
                    }
                }
            }
        }
        return Verdict.pass();
    }

    /// Which addresses it has is left out: it changes with the place and the hour.
    private static Verdict exists(DnsObservation seen, List<String> aliases) {
        var problem = Problem.of(
                "Every name below %s exists, whether somebody has set it up or not".formatted(seen.domain()));
        return Verdict.fail(aliases.isEmpty() ? problem : problem.saw("aliases", aliases));
    }

    private static DnsQuestion ipv4(DnsObservation seen) {
        return new DnsQuestion(Unlikely.below(seen.domain()), Type.A);
    }

    private static DnsQuestion ipv6(DnsObservation seen) {
        return new DnsQuestion(Unlikely.below(seen.domain()), Type.AAAA);
    }
}
