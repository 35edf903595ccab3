package outrider.checker.egress;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.springframework.stereotype.Component;
import outrider.checker.egress.Trouble.Kind;

/// Sends one GET and reads one answer, within bounds of size and time, over a connection of its own to an address
/// that the guard has checked. Follows no redirect: each is a decision, and a check of the guard, of its own.
///
/// It speaks HTTP/1.1 and says so in the handshake, which servers that prefer HTTP/2 honour: their answers are the
/// same in both. One that speaks nothing but HTTP/2 is trouble, and the trouble says so.
@Component
public final class HttpFetcher implements AutoCloseable {

    /// The most of a body that anybody may ask for, in bytes.
    public static final int MAX_BODY = 1 << 20;

    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEADER_LINE = 16 * 1024;
    private static final int MAX_ADDRESSES = 4;
    private static final String TLS = "outrider.tls";

    private final EgressProperties properties;
    private final CloseableHttpClient client;

    HttpFetcher(Hosts hosts, EgressProperties properties) {
        this.properties = properties;
        this.client = HttpClientBuilder.create()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new PinnedAddresses(hosts))
                        .setTlsSocketStrategy(HttpFetcher::secure)
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom()
                                        .setMaxHeaderCount(MAX_HEADERS)
                                        .setMaxLineLength(MAX_HEADER_LINE)
                                        .setMaxEmptyLineCount(1)
                                        .build())
                                // As browsers read a Location.
                                .charCodingConfig(CharCodingConfig.custom()
                                        .setCharset(StandardCharsets.UTF_8)
                                        .setMalformedInputAction(CodingErrorAction.REPLACE)
                                        .setUnmappableInputAction(CodingErrorAction.REPLACE)
                                        .build())
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(properties.connectTimeout()))
                                .setSocketTimeout(Timeout.of(properties.readTimeout()))
                                .build())
                        .setMaxConnTotal(Integer.MAX_VALUE)
                        .setMaxConnPerRoute(Integer.MAX_VALUE)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(properties.readTimeout()))
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent(properties.effectiveUserAgent())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    /// The answer to a GET of that `http` or `https` URL, with at most `bodyLimit` bytes of its body, decompressed.
    /// Never an exception for what the server does. An answer whose body breaks off or takes too long is one
    /// all the same, and [truncated][Fetched.Response#truncated].
    ///
    /// @param more headers to send along
    public Fetched fetch(URI url, int bodyLimit, Fetched.Header... more) throws InterruptedException {
        var reception = new Reception(url, Math.min(bodyLimit, MAX_BODY));
        try {
            return Deadline.within(properties.exchangeTimeout(), () -> exchange(request(url, more), reception));
        } catch (TimeoutException e) {
            return reception.orElse(new Trouble(Kind.TIMEOUT, "it did not answer in time"));
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case IOException failure -> reception.orElse(Trouble.of(failure));
                case HttpException failure ->
                    reception.orElse(new Trouble(Kind.BROKEN, "its answer is not HTTP: " + failure.getMessage()));
                case null, default ->
                    throw new IllegalStateException("Fetching %s failed on our side".formatted(url), e);
            };
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private static HttpGet request(URI url, Fetched.Header... more) {
        var request = new HttpGet(url);
        request.setHeader("Connection", "close");
        request.setHeader("Accept", "*/*");
        request.setHeader("Accept-Encoding", Decompression.ACCEPTED);
        for (var header : more) {
            request.setHeader(header.name(), header.value());
        }
        return request;
    }

    private Fetched exchange(HttpGet request, Reception reception) throws IOException, HttpException {
        var context = HttpClientContext.create();
        try (var response = client.executeOpen(RoutingSupport.determineHost(request), request, context)) {
            try {
                return read(response, context, reception);
            } finally {
                // Closing alone would first read what is left of the body, and that may be endless.
                request.cancel();
            }
        }
    }

    private static Fetched read(ClassicHttpResponse response, HttpContext context, Reception reception)
            throws IOException {
        var headers = Stream.of(response.getHeaders())
                .map(header -> new Fetched.Header(header.getName(), requireNonNullElse(header.getValue(), "")))
                .toList();
        var chain = context.getAttribute(TLS) instanceof OpenTls tls ? tls.chain() : List.<X509Certificate>of();
        reception.head(response.getCode(), headers, chain);
        var entity = response.getEntity();
        return entity == null ? reception.whole() : reception.body(entity.getContent());
    }

    private static SSLSocket secure(Socket socket, String host, int port, Object attachment, HttpContext context)
            throws IOException {
        var tls = new OpenTls();
        context.setAttribute(TLS, tls);
        return tls.shake(socket, host, port);
    }

    /// Gives the client nothing but checked addresses to dial.
    private record PinnedAddresses(Hosts hosts) implements DnsResolver {

        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            try {
                return hosts.resolve(host, port).stream()
                        .limit(MAX_ADDRESSES)
                        .map(address -> new InetSocketAddress(address, port))
                        .toList();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NoAddressException(new Trouble(Kind.TIMEOUT, "resolving its name took too long"));
            }
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
}
