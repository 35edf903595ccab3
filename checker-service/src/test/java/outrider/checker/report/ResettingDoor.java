package outrider.checker.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Resets three connections in the midst of an answer, and gives the whole of it on the fourth.
final class ResettingDoor implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final String answer;
    private volatile int resets;

    ResettingDoor(String body) throws IOException {
        var length = body.getBytes(StandardCharsets.UTF_8).length;
        answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s".formatted(length, body);
        Thread.ofVirtual().start(this::serve);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    int resets() {
        return resets;
    }

    private void serve() {
        try {
            while (resets < 3) {
                try (var socket = accept()) {
                    write(socket, answer.substring(0, answer.length() - 20));
                    socket.setSoLinger(true, 0);
                    resets++;
                }
            }
            try (var socket = accept()) {
                write(socket, answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket accept() throws IOException {
        var socket = server.accept();
        var request = new StringBuilder();
        // What is left unread would make the end of the connection a reset.
        while (!request.toString().endsWith("\r\n0\r\n\r\n")) {
            request.append((char) socket.getInputStream().read());
        }
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
