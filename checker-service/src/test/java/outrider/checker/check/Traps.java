package outrider.checker.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Listeners on loopback that nobody should dial, and who did.
final class Traps implements AutoCloseable {

    private final Queue<String> dialled = new ConcurrentLinkedQueue<>();
    private final List<ServerSocket> traps = new ArrayList<>();

    /// @param port 0 means a free one
    int add(String address, int port) {
        try {
            var trap = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
            traps.add(trap);
            Thread.ofVirtual().start(() -> listen(trap));
            return trap.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where somebody came.
    Queue<String> dialled() {
        return dialled;
    }

    @Override
    public void close() throws IOException {
        for (var trap : traps) {
            trap.close();
        }
    }

    private void listen(ServerSocket trap) {
        while (!trap.isClosed()) {
            try (var visitor = trap.accept()) {
                dialled.add(visitor.getLocalSocketAddress().toString());
            } catch (IOException e) {
                // Closed.
            }
        }
    }
}
