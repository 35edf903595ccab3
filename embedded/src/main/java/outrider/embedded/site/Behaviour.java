package outrider.embedded.site;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a [LoopbackSite] does once it has read a request.
public sealed interface Behaviour {
    /// Answers as a proper server does.
    record Answer(int status, Map<String, String> headers, String body) implements Behaviour {
        public Answer {
            headers = Map.copyOf(headers);
        }

        /// The same with one more header, or that header changed.
        public Answer with(String name, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, more, body);
        }

        /// The same with another status.
        public Answer status(int other) {
            return new Answer(other, headers, body);
        }

        /// The same without that header.
        public Answer without(String name) {
            var less = new LinkedHashMap<>(headers);
            less.remove(name);
            return new Answer(status, less, body);
        }

        byte[] bytes(boolean withBody, boolean keepAlive) {
            var content = body.getBytes(StandardCharsets.UTF_8);
            var head = new StringBuilder("HTTP/1.1 %d Status\r\nConnection: %s\r\nContent-Length: %d\r\n"
                    .formatted(status, keepAlive ? "keep-alive" : "close", content.length));
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            return (head + "\r\n" + (withBody ? body : "")).getBytes(StandardCharsets.UTF_8);
        }
    }

    /// Never answers and keeps the connection.
    record Hang() implements Behaviour {}

    /// Resets the connection.
    record Reset() implements Behaviour {}

    /// Sends the answer byte by byte with a pause after each.
    record Drip(Answer answer, Duration pause) implements Behaviour {}

    /// Answers with what one header of the request says in a header of the answer; without either, if it says
    /// nothing.
    record Reflect(Answer answer, String asked, String answered) implements Behaviour {

        Answer to(String value) {
            return value.isEmpty() ? answer : answer.with(answered, value);
        }
    }

    /// Sends a head with these headers and then a body without end.
    record Endless(Map<String, String> headers) implements Behaviour {

        /// Returns only by an exception, when the other side has left.
        void write(OutputStream out) throws IOException {
            var head = new StringBuilder("HTTP/1.1 200 OK\r\nConnection: close\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            var block = "all work and no play\n".repeat(400).getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                out.write(block);
            }
        }
    }

    /// Sends these characters (ISO 8859-1) instead of HTTP and closes.
    record Raw(String text) implements Behaviour {}

    /// A page.
    static Answer page(String body) {
        return new Answer(200, Map.of("Content-Type", "text/html; charset=utf-8"), body);
    }

    /// A redirect (301) to that location.
    static Answer redirect(String location) {
        return new Answer(301, Map.of("Location", location), "");
    }
}
