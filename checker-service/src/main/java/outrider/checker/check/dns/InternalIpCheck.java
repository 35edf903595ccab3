package outrider.checker.check.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;
import outrider.insight.CheckId;

/// `dns.internal-ip`: do the name's public addresses lead to the internet, and not to a network behind it?
final class InternalIpCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.internal-ip");

    /// The blocks that networks use behind the internet, as the registries call them.
    static final Set<String> INTERNAL = Set.of(
            "Private-Use",
            "Shared Address Space",
            "Loopback",
            "Loopback Address",
            "Link Local",
            "Link-Local Unicast",
            "Unique-Local",
            "Deprecated (Site-Local Unicast)");

    /// Tunnels that once led to public hosts: out of use, but nothing about them is internal.
    static final Set<String> TUNNELS = Set.of("6to4", "TEREDO");

    private final Function<InetAddress, Optional<String>> special;

    /// @param special the special-purpose block an address is in, by its name in the registries
    InternalIpCheck(Function<InetAddress, Optional<String>> special) {
        this.special = special;
    }

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        return Set.copyOf(questions(soFar));
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        var internal = new TreeSet<String>();
        var unreachable = new TreeSet<String>();
        var addresses = 0;
        for (var question : questions(seen)) {
            switch (seen.answer(question).orElseThrow()) {
                case DnsAnswer.Failure(var reason) -> {
                    return new Verdict.CouldNotTell(reason);
                }
                case DnsAnswer.Records(var aliases, var records) -> {
                    for (var record : records) {
                        if (record instanceof DnsRecord.Address(var address)) {
                            addresses++;
                            sort(address, internal, unreachable);
                        }
                    }
                }
                case DnsAnswer.NoData none -> {}
                case DnsAnswer.NoName none -> {}
            }
        }
        return addresses == 0
                ? new Verdict.NotApplicable("the name has no address")
                : Verdict.of(problems(internal, unreachable));
    }

    private void sort(InetAddress address, Set<String> internal, Set<String> unreachable) {
        special.apply(address)
                .filter(block -> !TUNNELS.contains(block))
                .ifPresent(block -> (INTERNAL.contains(block) ? internal : unreachable)
                        .add("%s (%s)".formatted(address.getHostAddress(), block)));
    }

    private static List<Problem> problems(Set<String> internal, Set<String> unreachable) {
        var problems = new ArrayList<Problem>();
        if (!internal.isEmpty()) {
            problems.add(Problem.of("The public DNS gives away addresses of an internal network")
                    .detail("internal")
                    .saw("addresses", internal));
        }
        if (!unreachable.isEmpty()) {
            problems.add(Problem.of("The name has addresses that lead nowhere on the internet")
                    .detail("unreachable")
                    .saw("addresses", unreachable));
        }
        return problems;
    }

    private static List<DnsQuestion> questions(DnsObservation seen) {
        return List.of(new DnsQuestion(seen.domain(), Type.A), new DnsQuestion(seen.domain(), Type.AAAA));
    }
}
