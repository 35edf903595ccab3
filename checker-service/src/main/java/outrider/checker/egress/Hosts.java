package outrider.checker.egress;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.springframework.stereotype.Component;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.Trouble.Kind;

/// Turns a host into the addresses that may be dialled: resolved once, checked by the guard, and then dialled as
/// they are, so that no second answer of the DNS can slip in between.
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

    /// The host's addresses that may be dialled on that port, at least one, always in the same order: two scans of
    /// a host with many addresses look at the same ones.
    List<InetAddress> resolve(String host, int port) throws NoAddressException, InterruptedException {
        return checked(addresses(host), port);
    }

    /// The host's addresses, none of them checked.
    List<InetAddress> addresses(String host) throws NoAddressException, InterruptedException {
        var literal = Literals.address(host);
        return literal.isPresent() ? List.of(literal.get()) : ask(host);
    }

    /// Those of them that may be dialled on that port, at least one.
    List<InetAddress> checked(List<InetAddress> addresses, int port) throws NoAddressException {
        var refusals = new ArrayList<String>();
        var allowed = new ArrayList<InetAddress>();
        for (var address : addresses) {
            guard.refusal(address, port)
                    .ifPresentOrElse(
                            range -> refusals.add("%s is %s".formatted(address.getHostAddress(), range)),
                            () -> allowed.add(address));
        }
        if (allowed.isEmpty()) {
            throw refused(String.join(", ", refusals));
        }
        return allowed;
    }

    private List<InetAddress> ask(String host) throws NoAddressException, InterruptedException {
        if (Literals.isDisguised(host)) {
            throw refused("'%s' is neither a name nor a plainly written address".formatted(host));
        }
        var addresses = new ArrayList<InetAddress>();
        var why = "%s has no address".formatted(host);
        for (var type : List.of(Type.A, Type.AAAA)) {
            switch (dns.ask(new DnsQuestion(host, type))) {
                case DnsAnswer.Records(var aliases, var records) ->
                    records.forEach(record -> {
                        if (record instanceof DnsRecord.Address(var address)) {
                            addresses.add(address);
                        }
                    });
                case DnsAnswer.NoData none -> {}
                case DnsAnswer.NoName none -> why = "%s does not exist (NXDOMAIN)".formatted(host);
                case DnsAnswer.Failure(var reason) -> {
                    why = reason;
                    if (type == Type.A) {
                        // A resolver that fails once takes its time to fail again.
                        throw trouble(why);
                    }
                }
            }
        }
        if (addresses.isEmpty()) {
            throw trouble(why);
        }
        return addresses.stream().sorted(IPV4_FIRST_THEN_BY_VALUE).distinct().toList();
    }

    private static NoAddressException refused(String why) {
        return new NoAddressException(new Trouble(Kind.REFUSED_BY_GUARD, "refused by the egress guard: " + why));
    }

    private static NoAddressException trouble(String why) {
        return new NoAddressException(new Trouble(Kind.NO_ADDRESS, "its name does not resolve: " + why));
    }
}
