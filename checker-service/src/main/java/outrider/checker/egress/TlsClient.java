package outrider.checker.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;
import outrider.checker.egress.Trouble.Kind;

/// Shakes hands with the addresses of a host to see their certificates, whatever those are worth.
@Component
public final class TlsClient {

    /// Enough to see machines that differ, few enough to be polite.
    private static final int MAX_EDGES_PER_FAMILY = 2;

    private final Hosts hosts;
    private final EgressProperties properties;

    TlsClient(Hosts hosts, EgressProperties properties) {
        this.hosts = hosts;
        this.properties = properties;
    }

    /// One entry for each address looked at, the host's first two of each family; at least one entry.
    public List<TlsEdge> look(String host, int port) throws InterruptedException {
        List<InetAddress> addresses;
        try {
            addresses = hosts.resolve(host);
        } catch (NoAddressException e) {
            return List.of(new TlsEdge.Failed(host, e.trouble()));
        }
        var edges = new ArrayList<TlsEdge>();
        for (var address : sample(addresses)) {
            edges.add(look(address, host, port));
        }
        return edges;
    }

    private TlsEdge look(InetAddress address, String host, int port) throws InterruptedException {
        var where = address.getHostAddress();
        try {
            return Deadline.within(properties.exchangeTimeout(), () -> shake(address, host, port));
        } catch (TimeoutException e) {
            return new TlsEdge.Failed(where, new Trouble(Kind.TIMEOUT, "the TLS handshake took too long"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                return new TlsEdge.Failed(where, Trouble.of(failure));
            }
            throw new IllegalStateException("The TLS handshake with %s failed on our side".formatted(where), e);
        }
    }

    private TlsEdge shake(InetAddress address, String host, int port) throws IOException {
        var tls = new OpenTls();
        // No proxy: it would dial, and not to the address that was checked.
        try (var socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress(address, port), millis(properties.connectTimeout()));
            socket.setSoTimeout(millis(properties.readTimeout()));
            tls.shake(socket, host, port).close();
        } catch (IOException e) {
            // A server that asks for a certificate of ours fails the handshake after it has shown its own.
            if (tls.chain().isEmpty()) {
                throw e;
            }
        }
        return new TlsEdge.Presented(address, tls.chain());
    }

    private static List<InetAddress> sample(List<InetAddress> addresses) {
        var taken = new HashMap<Integer, Integer>();
        return addresses.stream()
                .filter(address -> taken.merge(address.getAddress().length, 1, Integer::sum) <= MAX_EDGES_PER_FAMILY)
                .toList();
    }

    private static int millis(Duration timeout) {
        return Math.toIntExact(timeout.toMillis());
    }
}
