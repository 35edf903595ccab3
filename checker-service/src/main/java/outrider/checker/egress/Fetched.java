package outrider.checker.egress;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// How one HTTP request went.
public sealed interface Fetched {

    /// An answer came. Its text is a stranger's.
    ///
    /// @param chain the certificates of the connection, trusted or not; empty over plain HTTP
    /// @param body as far as it was asked for, decompressed
    /// @param truncated whether the body was longer than what was asked for, or broke off, or cannot be
    /// decompressed: what is not in it may well be in the rest
    record Response(
            URI url, int status, List<Header> headers, List<X509Certificate> chain, byte[] body, boolean truncated)
            implements Fetched {

        public Response {
            headers = List.copyOf(headers);
            chain = List.copyOf(chain);
        }

        /// With a body that is all there.
        public Response(URI url, int status, List<Header> headers, List<X509Certificate> chain, byte[] body) {
            this(url, status, headers, chain, body, false);
        }

        /// The first header of that name, in any case.
        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        /// Every header of that name, in any case and in their order.
        public List<String> headers(String name) {
            return headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(Header::value)
                    .toList();
        }
    }

    /// None came.
    record Failed(URI url, Trouble trouble) implements Fetched {}

    /// One header field as it was sent.
    record Header(String name, String value) {}
}
