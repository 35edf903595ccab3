package outrider.checker.egress;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.springframework.stereotype.Component;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.Trouble.Kind;

/// Turns a host into the addresses that may be dialled: resolved once, checked by the guard, and then dialled as they
/// are, so that no second answer of the DNS can slip in between.
@Component
final class Hosts {

    private static final Comparator<InetAddress> IPV4_FIRST_THEN_BY_VALUE = Comparator.comparing(
                    (InetAddress address) -> address.getAddress().length)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private final Dns dns;
    private final EgressGuard guard;

    Hosts(Dns dns, EgressGuard guard) {
        this.dns = dns;
        this.guard = guard;
    }

    /// The host's addresses that may be dialled, at least one, always in the same order: two scans of a host with many
    /// addresses look at the same ones.
    List<InetAddress> resolve(String host) throws NoAddressException, InterruptedException {
        var addresses = Literals.address(host).map(List::of).orElse(null);
        if (addresses == null) {
            addresses = ask(host);
        }
        var refusals = new ArrayList<String>();
        var allowed = new ArrayList<InetAddress>();
        for (var address : addresses) {
            guard.refusal(address)
                    .ifPresentOrElse(
                            range -> refusals.add("%s is %s".formatted(address.getHostAddress(), range)),
                            () -> allowed.add(address));
        }
        if (allowed.isEmpty()) {
            throw new NoAddressException(
                    new Trouble(Kind.REFUSED_BY_GUARD, "refused by the egress guard: " + String.join(", ", refusals)));
        }
        return allowed;
    }

    private List<InetAddress> ask(String host) throws NoAddressException, InterruptedException {
        if (Literals.isDisguised(host)) {
            throw trouble("'%s' is neither a name nor a plainly written address".formatted(host));
        }
        var ipv4 = dns.ask(new DnsQuestion(host, Type.A));
        var ipv6 = dns.ask(new DnsQuestion(host, Type.AAAA));
        var addresses = new ArrayList<>(addresses(ipv4));
        addresses.addAll(addresses(ipv6));
        if (addresses.isEmpty()) {
            throw trouble(whyNone(host, ipv4, ipv6));
        }
        return addresses.stream().sorted(IPV4_FIRST_THEN_BY_VALUE).distinct().toList();
    }

    private static List<InetAddress> addresses(DnsAnswer answer) {
        return switch (answer) {
            case DnsAnswer.Records(var aliases, var records) ->
                records.stream()
                        .filter(DnsRecord.Address.class::isInstance)
                        .map(record -> ((DnsRecord.Address) record).address())
                        .toList();
            case DnsAnswer.NoData none -> List.of();
            case DnsAnswer.NoName none -> List.of();
            case DnsAnswer.Failure failure -> List.of();
        };
    }

    private static String whyNone(String host, DnsAnswer ipv4, DnsAnswer ipv6) {
        for (var answer : List.of(ipv4, ipv6)) {
            if (answer instanceof DnsAnswer.Failure(var reason)) {
                return "its name does not resolve: " + reason;
            }
        }
        return ipv4 instanceof DnsAnswer.NoName
                ? "its name does not resolve: %s does not exist (NXDOMAIN)".formatted(host)
                : "its name does not resolve: %s has no address".formatted(host);
    }

    private static NoAddressException trouble(String reason) {
        return new NoAddressException(new Trouble(Kind.NO_ADDRESS, reason));
    }
}
