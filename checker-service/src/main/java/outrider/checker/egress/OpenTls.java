package outrider.checker.egress;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// One TLS handshake that accepts whatever certificate comes and keeps it.
///
/// For looking at servers, whose bad certificates are what we are after; never for anything that must be trusted.
/// Each handshake has a context of its own, because a resumed session would show the certificate of an earlier
/// one.
final class OpenTls {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeepingTrustManager certificates = new KeepingTrustManager();

    /// Shakes hands over the connected socket and returns the secured one, which closes it.
    ///
    /// @param protocols that are offered, by their ALPN names
    SSLSocket shake(Socket connected, String host, int port, String... protocols) throws IOException {
        var socket = (SSLSocket) context().getSocketFactory().createSocket(connected, host, port, true);
        try {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(names(host));
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // The platform parses what a stranger sent, and not all of it as carefully as it should.
            socket.close();
            throw new SSLException(
                    "what it sent cannot be read (%s)".formatted(e.getClass().getSimpleName()), e);
        }
    }

    /// The same for a client that does not block; each connection has a handshake of its own. It offers HTTP/2
    /// alone.
    static TlsStrategy forHttp2() {
        return new TlsStrategy() {

            @Override
            public void upgrade(
                    TransportSecurityLayer connection,
                    NamedEndpoint endpoint,
                    @Nullable Object attachment,
                    Timeout timeout,
                    FutureCallback<TransportSecurityLayer> callback) {
                try {
                    var names = names(endpoint.getHostName());
                    connection.startTls(
                            new OpenTls().context(),
                            endpoint,
                            SSLBufferMode.STATIC,
                            (asked, engine) -> {
                                var parameters = engine.getSSLParameters();
                                parameters.setServerNames(names);
                                parameters.setApplicationProtocols(new String[] {"h2"});
                                engine.setSSLParameters(parameters);
                            },
                            (asked, engine) -> new TlsDetails(engine.getSession(), engine.getApplicationProtocol()),
                            timeout,
                            callback);
                } catch (NoAddressException e) {
                    callback.failed(e);
                }
            }

            @Override
            @Deprecated
            public boolean upgrade(
                    TransportSecurityLayer connection,
                    HttpHost host,
                    SocketAddress local,
                    SocketAddress remote,
                    Object attachment,
                    Timeout timeout) {
                throw new UnsupportedOperationException("The client calls the other one");
            }
        };
    }

    /// The name to ask for (RFC 6066, section 3); none for an address.
    private static List<SNIServerName> names(String host) throws NoAddressException {
        return Literals.address(host).isPresent() ? List.of() : List.of(serverName(host));
    }

    /// The chain as it was sent, the server's own certificate first; empty before one came. It is there even if the
    /// handshake failed later on.
    List<X509Certificate> chain() {
        return certificates.chain;
    }

    private static SNIHostName serverName(String host) throws NoAddressException {
        try {
            return new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        } catch (IllegalArgumentException e) {
            throw new NoAddressException(new Trouble(
                    Trouble.Kind.NO_ADDRESS, "'%s' is no host name that TLS could ask for".formatted(host)));
        }
    }

    private SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {certificates}, RANDOM);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS", e);
        }
    }

    /// Extended, so that the platform adds no checks of its own.
    private static final class KeepingTrustManager extends X509ExtendedTrustManager {

        private volatile List<X509Certificate> chain = List.of();

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            this.chain = List.of(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            this.chain = List.of(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            this.chain = List.of(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException("We are the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new UnsupportedOperationException("We are the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new UnsupportedOperationException("We are the client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
