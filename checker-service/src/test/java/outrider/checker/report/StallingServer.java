package outrider.checker.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A server that sends the head and half of the body of its first answer and then nothing more, without a reset.
/// Every later request is answered whole.
final class StallingServer implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final String answer;

    StallingServer(String body) throws IOException {
        var length = body.getBytes(StandardCharsets.UTF_8).length;
        answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s".formatted(length, body);
        Thread.ofVirtual().start(this::serve);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /// How many connections were accepted.
    int accepted() {
        return open.size();
    }

    private void serve() {
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                readRequest(socket);
                var whole = open.size() > 1;
                var text = whole ? answer : answer.substring(0, answer.length() - 20);
                socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                if (whole) {
                    socket.close();
                }
            }
        } catch (SocketException e) {
            // closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readRequest(Socket socket) throws IOException {
        var request = new StringBuilder();
        // What is left unread would make the end of the connection a reset.
        while (!request.toString().endsWith("\r\n0\r\n\r\n")) {
            request.append((char) socket.getInputStream().read());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
