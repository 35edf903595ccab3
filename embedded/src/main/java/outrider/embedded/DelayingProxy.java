package outrider.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Distance on loopback: a TCP proxy that holds every byte back for a while in each direction, as a long line does.
///
/// It delays, and does not limit: up to 16 MB are on their way in each direction of a connection at a time.
/// It can stall (connections stay open and nothing arrives) and be cut (connections end, new ones are
/// refused).
public final class DelayingProxy implements AutoCloseable {

    private static final int CHUNK = 16 * 1024;
    private static final int CHUNKS_ON_THEIR_WAY = 1024;

    private final InetSocketAddress target;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long delay;
    private volatile boolean stalled;
    private volatile boolean cut;

    private DelayingProxy(int targetPort, Duration oneWay) {
        try {
            this.target = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), targetPort);
            this.door = new ServerSocket(0, 200, target.getAddress());
            this.delay = oneWay.toNanos();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts a proxy on a free port.
    ///
    /// @param targetPort the server's, on 127.0.0.1
    /// @param oneWay the delay in each direction: half of a round trip
    public static DelayingProxy to(int targetPort, Duration oneWay) {
        var proxy = new DelayingProxy(targetPort, oneWay);
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    /// Where to connect, on 127.0.0.1.
    public int port() {
        return door.getLocalPort();
    }

    /// Moves the server nearer or farther away, for what is sent from now on.
    public void delay(Duration oneWay) {
        delay = oneWay.toNanos();
    }

    /// Lets nothing through and keeps the connections open.
    public void stall() {
        stalled = true;
    }

    /// Ends all connections and every new one.
    public void cut() {
        cut = true;
        sockets.forEach(DelayingProxy::end);
    }

    /// Lets everything through again.
    public void mend() {
        cut = false;
        stalled = false;
    }

    @Override
    public void close() {
        cut();
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                connect(door.accept());
            } catch (IOException e) {
                // The server is away, or this is the end.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        var server = new Socket();
        sockets.add(client);
        sockets.add(server);
        try {
            if (cut) {
                throw new IOException("cut");
            }
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            forget(client, server);
            throw e;
        }
        var directions = new AtomicInteger(2);
        pump(client, server, directions);
        pump(server, client, directions);
    }

    private void pump(Socket from, Socket to, AtomicInteger directions) {
        var onTheirWay = new ArrayBlockingQueue<Chunk>(CHUNKS_ON_THEIR_WAY);
        var sender = Thread.ofVirtual().start(() -> send(onTheirWay, from, to, directions));
        Thread.ofVirtual().start(() -> receive(from, to, onTheirWay, sender));
    }

    private void receive(Socket from, Socket to, BlockingQueue<Chunk> onTheirWay, Thread sender) {
        var buffer = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                onTheirWay.put(new Chunk(Arrays.copyOf(buffer, n), System.nanoTime() + delay));
            }
            // An empty chunk is the end.
            onTheirWay.put(new Chunk(new byte[0], System.nanoTime() + delay));
        } catch (IOException | InterruptedException e) {
            sender.interrupt();
            forget(from, to);
        }
    }

    private void send(BlockingQueue<Chunk> onTheirWay, Socket from, Socket to, AtomicInteger directions) {
        try {
            OutputStream out = to.getOutputStream();
            for (var chunk = onTheirWay.take(); chunk.bytes().length > 0; chunk = onTheirWay.take()) {
                awaitArrival(chunk);
                out.write(chunk.bytes());
            }
            to.shutdownOutput();
            if (directions.decrementAndGet() == 0) {
                forget(from, to);
            }
        } catch (IOException | InterruptedException e) {
            forget(from, to);
            onTheirWay.clear(); // the receiver may wait for room
        }
    }

    private void awaitArrival(Chunk chunk) throws InterruptedException {
        while (stalled || System.nanoTime() < chunk.due()) {
            LockSupport.parkNanos(stalled ? 1_000_000 : chunk.due() - System.nanoTime());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void forget(Socket client, Socket server) {
        end(client);
        end(server);
        sockets.remove(client);
        sockets.remove(server);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Chunk(byte[] bytes, long due) {}
}
