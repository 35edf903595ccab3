package outrider.checker.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A web server that sends everybody elsewhere, and counts them.
final class RedirectingSite implements AutoCloseable {

    private final ServerSocket listener;
    private final Queue<String> visitors = new ConcurrentLinkedQueue<>();

    RedirectingSite(String address, String location) {
        try {
            listener = new ServerSocket(0, 50, InetAddress.ofLiteral(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(() -> serve(location));
    }

    int port() {
        return listener.getLocalPort();
    }

    int dialled() {
        return visitors.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(String location) {
        while (!listener.isClosed()) {
            try (var visitor = listener.accept()) {
                visitors.add(visitor.getRemoteSocketAddress().toString());
                visitor.getInputStream().read(new byte[4096]);
                visitor.getOutputStream()
                        .write("HTTP/1.1 301 Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                                .formatted(location)
                                .getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // Closed, or the visitor left.
            }
        }
    }
}
