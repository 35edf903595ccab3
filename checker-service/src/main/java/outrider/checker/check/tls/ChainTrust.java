package outrider.checker.check.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/// Whether a chain leads to a trusted root; time is left out of it.
public sealed interface ChainTrust {

    /// It does.
    ///
    /// @param path from the server's own certificate to the last one below the root
    record Trusted(List<X509Certificate> path) implements ChainTrust {
        public Trusted {
            path = List.copyOf(path);
        }
    }

    /// It does with certificates that the server did not send and that its authority publishes.
    record Incomplete(List<X509Certificate> path) implements ChainTrust {
        public Incomplete {
            path = List.copyOf(path);
        }
    }

    /// It does not.
    record Untrusted() implements ChainTrust {}

    /// What the server left out could not be fetched.
    record Unclear(String why) implements ChainTrust {}
}
