package outrider.checker.egress;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;

/// Makes the HTTP clients that a [Visit] sends its requests with: without redirects, retries, cookies, or anything
/// else that browsers do on their own, and with bounds on what they take.
final class HttpClients {

    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEADER_LINE = 16 * 1024;
    private static final int MAX_HEADER_LIST = 64 * 1024;
    private static final int MAX_CONTINUATIONS = 8;
    private static final int WINDOW = 64 * 1024;

    private HttpClients() {}

    /// One that speaks HTTP/1.1.
    static CloseableHttpClient http1(DnsResolver addresses, EgressProperties properties) {
        return HttpClientBuilder.create()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setTlsSocketStrategy(HttpClients::secure)
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom()
                                        .setMaxHeaderCount(MAX_HEADERS)
                                        .setMaxLineLength(MAX_HEADER_LINE)
                                        .setMaxEmptyLineCount(1)
                                        .build())
                                .charCodingConfig(asBrowsersReadALocation())
                                .build())
                        .setDefaultConnectionConfig(connection(properties))
                        .setMaxConnTotal(Integer.MAX_VALUE)
                        .setMaxConnPerRoute(Integer.MAX_VALUE)
                        .build())
                .setDefaultRequestConfig(request(properties))
                .setUserAgent(properties.effectiveUserAgent())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    /// One that speaks HTTP/2 over TLS and nothing else. It has a thread of its own until it is closed.
    static CloseableHttpClient http2(DnsResolver addresses, EgressProperties properties) {
        var client = HttpAsyncClientBuilder.create()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setTlsStrategy(OpenTls.forHttp2())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
                                .setHandshakeTimeout(Timeout.of(properties.readTimeout()))
                                .build())
                        .setDefaultConnectionConfig(connection(properties))
                        .build())
                .setH2Config(H2Config.custom()
                        .setPushEnabled(false)
                        .setInitialWindowSize(WINDOW)
                        .setMaxHeaderListSize(MAX_HEADER_LIST)
                        .setMaxContinuations(MAX_CONTINUATIONS)
                        .build())
                .setCharCodingConfig(asBrowsersReadALocation())
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setDefaultRequestConfig(request(properties))
                // What breaks for one request is its trouble; what breaks when all is closed is nobody's.
                .setIoReactorExceptionCallback(failure -> {})
                .setUserAgent(properties.effectiveUserAgent())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
        client.start();
        return HttpAsyncClients.classic(client, Timeout.of(properties.readTimeout()));
    }

    private static ConnectionConfig connection(EgressProperties properties) {
        return ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(properties.connectTimeout()))
                .setSocketTimeout(Timeout.of(properties.readTimeout()))
                .build();
    }

    private static RequestConfig request(EgressProperties properties) {
        return RequestConfig.custom()
                .setResponseTimeout(Timeout.of(properties.readTimeout()))
                .setProtocolUpgradeEnabled(false)
                .build();
    }

    private static CharCodingConfig asBrowsersReadALocation() {
        return CharCodingConfig.custom()
                .setCharset(StandardCharsets.UTF_8)
                .setMalformedInputAction(CodingErrorAction.REPLACE)
                .setUnmappableInputAction(CodingErrorAction.REPLACE)
                .build();
    }

    private static SSLSocket secure(Socket socket, String host, int port, Object attachment, HttpContext context)
            throws IOException {
        return new OpenTls().shake(socket, host, port, "http/1.1");
    }
}
