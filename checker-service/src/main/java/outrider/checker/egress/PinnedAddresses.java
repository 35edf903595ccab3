package outrider.checker.egress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.hc.client5.http.DnsResolver;
import outrider.checker.egress.Trouble.Kind;

/// Gives an HTTP client nothing but checked addresses to dial. A name is resolved once and keeps what it had then,
/// so that it cannot change its mind on the way; its addresses are checked anew for each connection.
final class PinnedAddresses implements DnsResolver {

    private static final int MAX_ADDRESSES = 4;

    private final Hosts hosts;
    private final Map<String, FutureTask<List<InetAddress>>> lookups = new ConcurrentHashMap<>();

    PinnedAddresses(Hosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return hosts.checked(addresses(host), port).stream()
                .limit(MAX_ADDRESSES)
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private List<InetAddress> addresses(String host) throws NoAddressException {
        var ours = new FutureTask<>(() -> hosts.addresses(host));
        var lookup = Objects.requireNonNullElse(lookups.putIfAbsent(host, ours), ours);
        if (lookup == ours) {
            ours.run();
        }
        try {
            return lookup.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NoAddressException none ? none : late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late();
        }
    }

    private static NoAddressException late() {
        return new NoAddressException(new Trouble(Kind.TIMEOUT, "resolving its name took too long"));
    }

    /// The guard judges an address together with the port.
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        throw new UnknownHostException("No port to check " + host + " with");
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
