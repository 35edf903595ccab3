package outrider.checker.egress;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/// What one address of a host did when asked for TLS. Behind one name there may be several machines, and each may have
/// a certificate of its own.
public sealed interface TlsEdge {

    /// It presented a chain.
    ///
    /// @param chain as it was sent, its own certificate first
    record Presented(InetAddress address, List<X509Certificate> chain) implements TlsEdge {
        public Presented {
            chain = List.copyOf(chain);
        }

        /// The server's own certificate.
        public X509Certificate leaf() {
            return chain.getFirst();
        }
    }

    /// It presented none.
    ///
    /// @param where the address, or the host if that has none
    record Failed(String where, Trouble trouble) implements TlsEdge {}
}
