package outrider.checker.check.dns;

import java.util.Set;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.ZoneSigning;
import outrider.checker.egress.ZoneSigning.Cause;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `dns.dnssec`: is the zone signed, and do the signatures hold (RFC 4033 to 4035)?
final class DnssecCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.dnssec");

    /// Validators are about to stop supporting them (RFC 8624, section 3.1).
    private static final Set<String> OUTDATED = Set.of("RSASHA1", "RSA-NSEC3-SHA1");

    @Override
    public CheckId id() {
        return ID;
    }

    /// The look at the zone's signatures asks for itself.
    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        return Set.of();
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        return switch (seen.signing()) {
            case ZoneSigning.Signed(var zone, var algorithms, var confirmed) ->
                OUTDATED.containsAll(algorithms)
                        ? Verdict.fail(Problem.of("The zone %s is signed with SHA-1, which resolvers stop to validate"
                                        .formatted(zone))
                                .detail("sha1"))
                        : new Verdict.Pass(
                                confirmed
                                        ? null
                                        : "the zone's own signatures hold; the resolver does not validate, so what is above was not looked at");
            case ZoneSigning.Unsigned(var zone, var cause) ->
                Verdict.fail(Problem.of(title(cause).formatted(zone)).detail(detail(cause)));
            case ZoneSigning.Bogus(var zone, var why, var confirmed) -> {
                var problem = Problem.of("Resolvers that validate refuse the zone %s: %s".formatted(zone, why))
                        .detail("bogus")
                        .severity(Severity.HIGH);
                yield Verdict.fail(confirmed ? problem : problem.tentative());
            }
            case ZoneSigning.Unknown(var why) -> new Verdict.CouldNotTell(why);
        };
    }

    private static String title(Cause cause) {
        return switch (cause) {
            case NO_KEYS -> "The zone %s is not signed";
            case NO_DS -> "The zone %s is signed, but its parent has no DS record, so nobody validates it";
            case UNSUPPORTED -> "The zone %s is signed only with algorithms that resolvers do not support";
            case ISLAND ->
                "The zone %s is signed, but resolvers take it as if it were not: a zone above it is not signed, or they do not know its algorithm";
        };
    }

    private static String detail(Cause cause) {
        return switch (cause) {
            case NO_KEYS -> "unsigned";
            case NO_DS -> "no-ds";
            case UNSUPPORTED -> "algorithm";
            case ISLAND -> "island";
        };
    }
}
