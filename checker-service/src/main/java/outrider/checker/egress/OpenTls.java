package outrider.checker.egress;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// One TLS handshake that accepts whatever certificate comes and keeps it.
///
/// For looking at servers, whose bad certificates are what we are after; never for anything that must be trusted.
/// Each handshake has a context of its own, because a resumed session would show the certificate of an earlier
/// one.
final class OpenTls {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeepingTrustManager certificates = new KeepingTrustManager();

    /// Shakes hands over the connected socket and returns the secured one, which closes it.
    SSLSocket shake(Socket connected, String host, int port) throws IOException {
        var socket = (SSLSocket) context().getSocketFactory().createSocket(connected, host, port, true);
        try {
            var parameters = socket.getSSLParameters();
            if (Literals.address(host).isEmpty()) {
                parameters.setServerNames(List.of(serverName(host)));
            }
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
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
