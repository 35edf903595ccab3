package outrider.embedded.site;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A web server on a loopback address that answers, with or without TLS, as well or as badly as it is told;
/// everything may change while it runs.
public final class LoopbackSite implements AutoCloseable {
    /// What happens to a new connection, before TLS.
    public enum Connect {
        TALK,
        HANG,
        RESET
    }

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int MAX_REMEMBERED = 1000;

    private final ServerSocket listener;
    private final Thread acceptor;
    private final @Nullable SniKeyManager keys;
    private final @Nullable SSLContext tls;
    private final Map<String, Behaviour> byPath = new ConcurrentHashMap<>();
    private final Map<String, Behaviour> byHost = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final LongAdder connections = new LongAdder();
    private final LongAdder handshakes = new LongAdder();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Behaviour otherwise = Behaviour.page("<!doctype html><title>Hello</title>");
    private volatile Connect connect = Connect.TALK;
    private volatile List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
    private volatile List<String> spoken = List.of();
    private volatile int kept = 1;

    private LoopbackSite(InetAddress address, int port, @Nullable Identity identity) {
        try {
            keys = identity == null ? null : new SniKeyManager(identity);
            tls = keys == null ? null : SSLContext.getInstance("TLS");
            if (tls != null) {
                tls.init(new KeyManager[] {keys}, null, null);
            }
            listener = new ServerSocket(port, 200, address);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on port %d of %s".formatted(port, address.getHostAddress()), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        acceptor = Thread.ofVirtual().name("site-" + listener.getLocalPort()).start(this::accept);
    }

    /// Starts a server without TLS on 127.0.0.1; port 0 means a free one.
    public static LoopbackSite http(int port) {
        return http(LOOPBACK, port);
    }

    /// Starts a server without TLS on that address of this machine, such as `::1`.
    public static LoopbackSite http(InetAddress address, int port) {
        return new LoopbackSite(address, port, null);
    }

    /// Starts a server with TLS on 127.0.0.1 that shows this identity unless another is set for the name asked for;
    /// port 0 means a free one.
    public static LoopbackSite https(int port, Identity identity) {
        return https(LOOPBACK, port, identity);
    }

    /// The same on that address of this machine.
    public static LoopbackSite https(InetAddress address, int port, Identity identity) {
        return new LoopbackSite(address, port, identity);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// The address under a host name of your choice, such as `https://www.example.test:4443`.
    public String url(String host) {
        return "%s://%s:%d".formatted(tls == null ? "http" : "https", host, port());
    }

    /// What it does with every request that has no behaviour of its own.
    public LoopbackSite answer(Behaviour behaviour) {
        otherwise = behaviour;
        return this;
    }

    /// What it does with requests for exactly this path (query included).
    public LoopbackSite answer(String path, Behaviour behaviour) {
        byPath.put(path, behaviour);
        return this;
    }

    /// What it does with requests for this host, whatever the port, unless their path has a behaviour of its own.
    public LoopbackSite answerHost(String host, Behaviour behaviour) {
        byHost.put(host, behaviour);
        return this;
    }

    /// What it does with new connections.
    public LoopbackSite connect(Connect mode) {
        connect = mode;
        return this;
    }

    /// Shows another identity by default.
    public LoopbackSite identity(Identity identity) {
        keys().setDefault(identity);
        return this;
    }

    /// Shows this identity to who asks for the name.
    public LoopbackSite identity(String name, Identity identity) {
        keys().set(name, identity);
        return this;
    }

    /// Offers only these versions of TLS, by their JSSE names.
    public LoopbackSite protocols(String... names) {
        protocols = List.of(names);
        return this;
    }

    /// Serves that many requests on each connection and then closes it, without having said so; one by default.
    public LoopbackSite keeps(int requests) {
        kept = requests;
        return this;
    }

    /// Agrees to speak one of these protocols only, by their ALPN names; none means whatever is spoken.
    public LoopbackSite speaks(String... names) {
        spoken = List.of(names);
        return this;
    }

    /// The heads of the requests so far, oldest first; the first thousand.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /// How many connections it has taken.
    public int connections() {
        return connections.intValue();
    }

    /// How many of them are open.
    public int open() {
        return open.size();
    }

    /// How many TLS handshakes have come to their end.
    public int handshakes() {
        return handshakes.intValue();
    }

    /// Returns when nothing listens any more: as long as a thread is in `accept`, a connection may still be made.
    @Override
    public void close() {
        closed.countDown();
        closeQuietly(listener);
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(LoopbackSite::closeQuietly);
    }

    private SniKeyManager keys() {
        if (keys == null) {
            throw new IllegalStateException("this site has no TLS");
        }
        return keys;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                connections.increment();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or a client that left before it was taken.
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            switch (connect) {
                case HANG -> closed.await();
                case RESET -> plain.setSoLinger(true, 0);
                case TALK -> talk(plain);
            }
        } catch (IOException e) {
            // The client's business: it left, or refused the handshake.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(plain);
        }
    }

    private void talk(Socket plain) throws IOException, InterruptedException {
        var socket = secured(plain);
        for (var left = kept; left > 0 && !plain.isClosed(); left--) {
            answer(plain, socket);
        }
        if (!plain.isClosed()) {
            socket.close();
        }
    }

    private void answer(Socket plain, Socket socket) throws IOException, InterruptedException {
        var head = RequestHead.read(socket.getInputStream());
        if (requests.size() < MAX_REMEMBERED) {
            requests.add(head.text());
        }
        var behaviour = byPath.getOrDefault(head.path(), byHost.getOrDefault(head.host(), otherwise));
        perform(
                behaviour instanceof Behaviour.Reflect reflect ? reflect.to(head.field(reflect.asked())) : behaviour,
                head.method().equals("HEAD"),
                plain,
                socket);
    }

    private Socket secured(Socket plain) throws IOException {
        if (tls == null) {
            return plain;
        }
        var socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(protocols.toArray(String[]::new));
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(spoken.toArray(String[]::new));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        handshakes.increment();
        return socket;
    }

    private void perform(Behaviour behaviour, boolean head, Socket plain, Socket socket)
            throws IOException, InterruptedException {
        var out = socket.getOutputStream();
        switch (behaviour) {
            case Behaviour.Answer answer -> out.write(answer.bytes(!head, kept > 1));
            case Behaviour.Raw raw -> out.write(raw.text().getBytes(StandardCharsets.ISO_8859_1));
            case Behaviour.Hang() -> closed.await();
            case Behaviour.Reset() -> {
                plain.setSoLinger(true, 0);
                plain.close();
            }
            case Behaviour.Drip(var answer, var pause) -> drip(out, answer.bytes(!head, false), pause);
            case Behaviour.Endless endless -> endless.write(out);
            case Behaviour.Reflect reflect -> throw new IllegalStateException("it was told what to reflect");
        }
        out.flush();
    }

    private void drip(OutputStream out, byte[] bytes, Duration pause) throws IOException, InterruptedException {
        for (var one : bytes) {
            out.write(one);
            out.flush();
            if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // It is going away anyway.
        }
    }
}
