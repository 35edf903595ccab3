package outrider.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Finds ports of the loopback interface that nobody listens on.
public final class FreePort {
    private FreePort() {}

    /// A port that was free a moment ago; an [UncheckedIOException] when there is none.
    public static int find() {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
