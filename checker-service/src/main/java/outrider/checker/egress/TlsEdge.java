package outrider.checker.egress;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/// What one address of a host did when asked for TLS. Behind one name there may be several machines, and each may
/// have a certificate, and old versions, of its own.
public sealed interface TlsEdge {

    /// What it answered to hellos of our own, by the highest version that each offered; empty where none was sent.
    Map<TlsVersion, HelloAnswer> answers();

    /// It presented a chain, over TLS 1.2 or 1.3.
    ///
    /// @param chain as it was sent, its own certificate first
    record Presented(InetAddress address, List<X509Certificate> chain, Map<TlsVersion, HelloAnswer> answers)
            implements TlsEdge {
        public Presented {
            chain = List.copyOf(chain);
            answers = Map.copyOf(answers);
        }

        /// The server's own certificate.
        public X509Certificate leaf() {
            return chain.getFirst();
        }
    }

    /// It presented none.
    ///
    /// @param where the address, or the host if that has none
    /// @param trouble why not
    record Failed(String where, Trouble trouble, Map<TlsVersion, HelloAnswer> answers) implements TlsEdge {
        public Failed {
            answers = Map.copyOf(answers);
        }
    }
}
