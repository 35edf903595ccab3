package outrider.checker.egress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.StreamChannel;
import org.apache.hc.core5.http.nio.entity.AbstractBinAsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncResponseBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.ListenerEndpoint;
import outrider.embedded.site.Identity;

/// A web server on loopback that speaks HTTP/2 and nothing else. `/endless` has no end, `/headers` too many
/// headers; `/reset` resets the stream within its body and `/hang` never answers.
final class Http2Site implements AutoCloseable, AsyncServerRequestHandler<Message<HttpRequest, String>> {

    private final HttpAsyncServer server;
    private final Set<SocketAddress> clients = ConcurrentHashMap.newKeySet();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final int port;

    private Http2Site(Identity identity) throws GeneralSecurityException, IOException {
        server = H2ServerBootstrap.bootstrap()
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
                .setCanonicalHostName("example.test")
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setTlsStrategy(new H2ServerTlsStrategy(tls(identity)))
                .register("*", this)
                .create();
        server.start();
        port = listen();
    }

    static Http2Site start(Identity identity) {
        try {
            return new Http2Site(identity);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private int listen() throws IOException {
        try {
            ListenerEndpoint endpoint = server.listen(new InetSocketAddress("127.0.0.1", 0), URIScheme.HTTPS)
                    .get();
            return ((InetSocketAddress) endpoint.getAddress()).getPort();
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(e);
        }
    }

    URI url(String host, String path) {
        return URI.create("https://%s:%d%s".formatted(host, port, path));
    }

    void answer(String path, String body) {
        answers.put(path, body);
    }

    /// How many connections have brought a request.
    int connections() {
        return clients.size();
    }

    @Override
    public AsyncRequestConsumer<Message<HttpRequest, String>> prepare(
            HttpRequest request, EntityDetails body, HttpContext context) {
        return new BasicRequestConsumer<>(new StringAsyncEntityConsumer());
    }

    @Override
    public void handle(Message<HttpRequest, String> message, ResponseTrigger trigger, HttpContext context)
            throws HttpException, IOException {
        clients.add(HttpCoreContext.cast(context).getEndpointDetails().getRemoteAddress());
        var path = message.getHead().getPath();
        var answer = AsyncResponseBuilder.create(200).addHeader("X-Path", path);
        switch (path) {
            case "/hang" -> {
                return;
            }
            case "/reset" -> answer.setEntity(endlessUntil(10_000));
            case "/headers" -> {
                for (var i = 0; i < 300; i++) {
                    answer.addHeader("X-" + i, "%0500d".formatted(i));
                }
            }
            case "/endless" -> answer.setEntity(endlessUntil(Integer.MAX_VALUE));
            default -> answer.setEntity(answers.getOrDefault(path, "Hello"), ContentType.TEXT_PLAIN);
        }
        trigger.submitResponse(answer.build(), context);
    }

    private static AsyncEntityProducer endlessUntil(int most) {
        return new AbstractBinAsyncEntityProducer(1_024, ContentType.TEXT_PLAIN) {

            private int sent;

            @Override
            protected int availableData() {
                return Integer.MAX_VALUE;
            }

            @Override
            protected void produceData(StreamChannel<ByteBuffer> channel) throws IOException {
                channel.write(
                        ByteBuffer.wrap("all work and no play\n".repeat(100).getBytes()));
            }

            @Override
            public boolean isRepeatable() {
                return false;
            }

            @Override
            public void failed(Exception cause) {
                releaseResources();
            }
        };
    }

    private static SSLContext tls(Identity identity) throws GeneralSecurityException, IOException {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("site", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Override
    public void close() {
        server.close(CloseMode.IMMEDIATE);
    }
}
