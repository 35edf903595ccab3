package outrider.checker.egress;

import static java.util.Objects.requireNonNullElse;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import outrider.checker.egress.Trouble.Kind;

/// The requests of one scan over HTTP: within it a host is resolved once, and connections are kept from one request
/// to the next; when it is closed, so are they, and no other scan sees what it saw.
///
/// It speaks HTTP/1.1, which servers that prefer HTTP/2 honour: their answers are the same in both. Where a server
/// speaks nothing but HTTP/2, it does too.
public final class Visit implements AutoCloseable {

    private final EgressProperties properties;
    private final PinnedAddresses addresses;
    private final CloseableHttpClient http1;
    private final Set<HttpHost> answered = ConcurrentHashMap.newKeySet();
    private final Set<HttpHost> speakHttp2 = ConcurrentHashMap.newKeySet();
    private @Nullable CloseableHttpClient http2;
    private boolean closed;

    Visit(Hosts hosts, EgressProperties properties) {
        this.properties = properties;
        this.addresses = new PinnedAddresses(hosts);
        this.http1 = HttpClients.http1(addresses, properties);
    }

    /// As [HttpFetcher#fetch].
    public Fetched fetch(URI url, int bodyLimit, Fetched.Header... more) throws InterruptedException {
        var begin = System.nanoTime();
        var first = attempt(url, bodyLimit, properties.exchangeTimeout(), more);
        if (!(first instanceof Fetched.Failed(var _, var trouble)) || trouble.kind() != Kind.BROKEN) {
            return first;
        }
        var left = properties.exchangeTimeout().minusNanos(System.nanoTime() - begin);
        return left.isPositive() && isWorthAnother(host(url), trouble) ? attempt(url, bodyLimit, left, more) : first;
    }

    /// Whether the server wants another version of HTTP, or may only have been tired of a connection that was kept.
    private boolean isWorthAnother(HttpHost host, Trouble trouble) {
        return trouble.equals(Trouble.NO_HTTP_1) ? speakHttp2.add(host) : answered.remove(host);
    }

    private Fetched attempt(URI url, int bodyLimit, Duration time, Fetched.Header... more) throws InterruptedException {
        var reception = new Reception(url, Math.min(bodyLimit, HttpFetcher.MAX_BODY));
        try {
            var fetched = Deadline.within(time, () -> exchange(request(url, more), reception));
            answered.add(host(url));
            return fetched;
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

    private static HttpHost host(URI url) {
        return new HttpHost(url.getScheme(), url.getHost(), url.getPort());
    }

    private static HttpGet request(URI url, Fetched.Header... more) {
        var request = new HttpGet(url);
        request.setHeader("Accept", "*/*");
        request.setHeader("Accept-Encoding", Decompression.ACCEPTED);
        for (var header : more) {
            request.setHeader(header.name(), header.value());
        }
        return request;
    }

    private Fetched exchange(HttpGet request, Reception reception) throws IOException, HttpException {
        var context = HttpClientContext.create();
        var host = RoutingSupport.determineHost(request);
        try (var response = client(host).executeOpen(host, request, context)) {
            var kept = false;
            try {
                head(response, context, reception);
                var entity = response.getEntity();
                if (entity == null) {
                    kept = true;
                    return reception.whole();
                }
                var body = new ToItsEnd(entity.getContent());
                var fetched = reception.body(body);
                kept = !fetched.truncated() && body.isAtItsEnd();
                return fetched;
            } finally {
                if (!kept) {
                    // Closing alone would first read what is left of the body, and that may be endless.
                    request.cancel();
                }
            }
        }
    }

    private static void head(ClassicHttpResponse response, HttpClientContext context, Reception reception)
            throws IOException {
        var headers = Stream.of(response.getHeaders())
                .map(header -> new Fetched.Header(header.getName(), requireNonNullElse(header.getValue(), "")))
                .toList();
        reception.head(response.getCode(), headers, chain(context));
    }

    /// The certificates that were shown when the connection was made.
    private static List<X509Certificate> chain(HttpClientContext context) throws SSLPeerUnverifiedException {
        var session = context.getSSLSession();
        return session == null
                ? List.of()
                : Stream.of(session.getPeerCertificates())
                        .map(X509Certificate.class::cast)
                        .toList();
    }

    private synchronized CloseableHttpClient client(HttpHost host) throws IOException {
        if (closed) {
            throw new IOException("The visit is over");
        }
        if (!speakHttp2.contains(host)) {
            return http1;
        }
        if (http2 == null) {
            http2 = HttpClients.http2(addresses, properties);
        }
        return http2;
    }

    /// Ends what is under way and closes all connections.
    @Override
    public synchronized void close() {
        closed = true;
        http1.close(CloseMode.IMMEDIATE);
        if (http2 != null) {
            http2.close(CloseMode.IMMEDIATE);
        }
    }

    /// A body of which one knows whether all has been read: only then can its connection serve another request.
    private static final class ToItsEnd extends FilterInputStream {

        private boolean ended;

        ToItsEnd(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            var octet = super.read();
            ended |= octet < 0;
            return octet;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var read = super.read(bytes, offset, length);
            ended |= read < 0;
            return read;
        }

        /// What was compressed may end before the body does.
        boolean isAtItsEnd() {
            try {
                return ended || read() < 0;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
