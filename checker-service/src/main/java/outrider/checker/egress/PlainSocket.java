package outrider.checker.egress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;

/// A TCP connection to an address that the guard has let pass, with our timeouts.
final class PlainSocket {

    private PlainSocket() {}

    static Socket connect(InetSocketAddress checked, EgressProperties properties) throws IOException {
        // No proxy: it would dial, and not to the address that was checked.
        var socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.connect(checked, millis(properties.connectTimeout()));
            socket.setSoTimeout(millis(properties.readTimeout()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static int millis(Duration timeout) {
        return Math.toIntExact(timeout.toMillis());
    }
}
