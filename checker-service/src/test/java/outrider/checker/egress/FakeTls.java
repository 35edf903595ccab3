package outrider.checker.egress;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import outrider.embedded.site.LoopbackSite;

/// A TLS server on 127.0.0.1 without any cryptography: it reads one hello and answers as scripted. Hellos for TLS 1.2
/// and up it can pass on to a real one.
public final class FakeTls implements AutoCloseable {

    /// Answers a hello that offers versions up to that one.
    public interface Script {
        void play(TlsVersion offered, Socket client) throws Exception;
    }

    private final ServerSocket listener;
    private final @Nullable LoopbackSite modern;
    private final Queue<TlsVersion> hellos = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile Script script;

    private FakeTls(@Nullable LoopbackSite modern, Script script) {
        this.modern = modern;
        this.script = script;
        try {
            listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// Answers every hello itself.
    public static FakeTls alone(Script script) {
        return new FakeTls(null, script);
    }

    /// Passes hellos for TLS 1.2 and up on to a real server.
    public static FakeTls before(LoopbackSite modern, Script script) {
        return new FakeTls(modern, script);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// Answers in another way from now on.
    public void play(Script newScript) {
        script = newScript;
    }

    /// The highest versions of the hellos so far, oldest first.
    public List<TlsVersion> hellos() {
        return List.copyOf(hellos);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Chooses the highest of these versions that is offered, and refuses with `protocol_version` where none is.
    public static Script speaking(TlsVersion... versions) {
        return (offered, client) -> {
            var chosen = Stream.of(versions)
                    .filter(version -> version.compareTo(offered) <= 0)
                    .max(TlsVersion::compareTo);
            client.getOutputStream().write(chosen.map(FakeTls::flight).orElseGet(() -> alert(2, 70)));
        };
    }

    /// Sends exactly these bytes, then closes.
    public static Script sending(byte[]... parts) {
        return (offered, client) -> {
            for (var part : parts) {
                client.getOutputStream().write(part);
            }
        };
    }

    /// Resets the connection after those bytes.
    public static Script resettingAfter(byte[] bytes) {
        return (offered, client) -> {
            client.getOutputStream().write(bytes);
            client.getOutputStream().flush();
            client.setSoLinger(true, 0);
        };
    }

    /// Says nothing.
    public static Script hanging() {
        return (offered, client) -> client.getInputStream().read();
    }

    /// Sends the bytes over and over.
    public static Script endless(byte[] bytes) {
        return (offered, client) -> {
            while (true) {
                client.getOutputStream().write(bytes);
            }
        };
    }

    /// Sends a whole flight a byte at a time, and each only after a while.
    public static Script dripping(byte[] bytes) {
        return (offered, client) -> {
            var never = new CountDownLatch(1);
            for (var one : bytes) {
                client.getOutputStream().write(one);
                never.await(100, TimeUnit.MILLISECONDS);
            }
        };
    }

    /// All that a server says before it waits for the client, in one record each.
    static byte[] flight(TlsVersion version) {
        return joined(
                record(22, version.code(), message(2, hello(version.code(), 0x002F))),
                record(22, version.code(), message(11, new byte[] {0, 0, 7, 0, 0, 4, 1, 2, 3, 4})),
                record(22, version.code(), message(14, new byte[0])));
    }

    /// The body of a ServerHello without a session or extensions.
    static byte[] hello(int version, int suite) {
        return ByteBuffer.allocate(38)
                .putShort((short) version)
                .put(new byte[32])
                .put((byte) 0)
                .putShort((short) suite)
                .put((byte) 0)
                .array();
    }

    static byte[] message(int type, byte[] body) {
        return ByteBuffer.allocate(4 + body.length)
                .putInt(type << 24 | body.length)
                .put(body)
                .array();
    }

    static byte[] record(int type, int version, byte[] fragment) {
        return ByteBuffer.allocate(5 + fragment.length)
                .put((byte) type)
                .putShort((short) version)
                .putShort((short) fragment.length)
                .put(fragment)
                .array();
    }

    static byte[] alert(int level, int description) {
        return record(21, 0x0301, new byte[] {(byte) level, (byte) description});
    }

    static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        Stream.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            var header = in.readNBytes(5);
            var body = in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
            var offered = offered(ByteBuffer.wrap(body));
            hellos.add(offered);
            if (modern != null && offered.isModern()) {
                relay(client, joined(header, body), modern.port());
            } else {
                script.play(offered, client);
            }
        } catch (Exception e) {
            // The client left, as clients do.
        }
    }

    private static void relay(Socket client, byte[] first, int port) throws IOException {
        try (var server = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            new DataOutputStream(server.getOutputStream()).write(first);
            Thread.ofVirtual().start(() -> {
                try (server) {
                    client.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException e) {
                    // One side is done.
                }
            });
            server.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static TlsVersion offered(ByteBuffer hello) {
        hello.position(4);
        var version = hello.getShort() & 0xFFFF;
        hello.position(hello.position() + 32);
        hello.position(hello.position() + 1 + (hello.get(hello.position()) & 0xFF));
        hello.position(hello.position() + 2 + (hello.getShort(hello.position()) & 0xFFFF));
        hello.position(hello.position() + 1 + (hello.get(hello.position()) & 0xFF));
        if (hello.hasRemaining()) {
            hello.getShort();
        }
        while (hello.hasRemaining()) {
            var type = hello.getShort();
            var length = hello.getShort() & 0xFFFF;
            if (type == 43) {
                return TlsVersion.of(hello.getShort(hello.position() + 1) & 0xFFFF)
                        .orElseThrow();
            }
            hello.position(hello.position() + length);
        }
        return TlsVersion.of(version).orElseThrow();
    }
}
