package outrider.checker.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;
import outrider.checker.egress.Trouble.Kind;

/// Shakes hands with the addresses of a host to see their certificates, whatever those are worth, and which
/// versions of TLS they accept.
@Component
public final class TlsClient {

    /// Enough to see machines that differ, few enough to be polite.
    private static final int MAX_EDGES_PER_FAMILY = 2;

    private final Hosts hosts;
    private final EgressProperties properties;
    private final Hellos hellos;

    TlsClient(Hosts hosts, EgressProperties properties) {
        this.hosts = hosts;
        this.properties = properties;
        this.hellos = new Hellos(properties);
    }

    /// One entry for each address looked at, the host's first two of each family; at least one entry. Addresses are
    /// looked at side by side, and each has one connection at a time.
    public List<TlsEdge> look(String host, int port) throws InterruptedException {
        List<InetAddress> addresses;
        try {
            addresses = hosts.resolve(host, port);
        } catch (NoAddressException e) {
            return List.of(new TlsEdge.Failed(host, e.trouble(), Map.of()));
        }
        var looks = sample(addresses).stream()
                .map(address -> (Callable<TlsEdge>) () -> look(address, host, port))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var edges = new ArrayList<TlsEdge>();
            for (var look : threads.invokeAll(looks)) {
                edges.add(look.get());
            }
            return edges;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Looking at %s failed on our side".formatted(host), e);
        }
    }

    private TlsEdge look(InetAddress address, String host, int port) throws InterruptedException {
        try {
            var chain = Deadline.within(properties.exchangeTimeout(), () -> shake(address, host, port));
            return new TlsEdge.Presented(address, chain, hellos.offer(address, host, port, true));
        } catch (TimeoutException e) {
            return failed(address, new Trouble(Kind.TIMEOUT, "the TLS handshake took too long"), Map.of());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                var trouble = Trouble.of(failure);
                // It may speak what the platform does not: old versions, old ciphers, or no TLS at all.
                return failed(
                        address,
                        trouble,
                        trouble.kind() == Kind.BROKEN ? hellos.offer(address, host, port, false) : Map.of());
            }
            throw new IllegalStateException(
                    "The TLS handshake with %s failed on our side".formatted(address.getHostAddress()), e);
        }
    }

    private List<X509Certificate> shake(InetAddress address, String host, int port) throws IOException {
        var tls = new OpenTls();
        try (var socket = PlainSocket.connect(new InetSocketAddress(address, port), properties)) {
            tls.shake(socket, host, port, "h2", "http/1.1").close();
        } catch (IOException e) {
            // A server that asks for a certificate of ours fails the handshake after it has shown its own.
            if (tls.chain().isEmpty()) {
                throw e;
            }
        }
        return tls.chain();
    }

    private static TlsEdge failed(InetAddress address, Trouble trouble, Map<TlsVersion, HelloAnswer> answers) {
        return new TlsEdge.Failed(address.getHostAddress(), trouble, answers);
    }

    private static List<InetAddress> sample(List<InetAddress> addresses) {
        var taken = new HashMap<Integer, Integer>();
        return addresses.stream()
                .filter(address -> taken.merge(address.getAddress().length, 1, Integer::sum) <= MAX_EDGES_PER_FAMILY)
                .toList();
    }
}
