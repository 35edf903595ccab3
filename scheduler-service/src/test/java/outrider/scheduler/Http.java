package outrider.scheduler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import outrider.scan.Wire;
import outrider.web.Scopes;
import tools.jackson.databind.JsonNode;

/// A caller of the scheduler's REST interface; an operator unless told otherwise.
public final class Http {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final int port;
    private final String token;
    private final String traceparent;

    Http(int port) {
        this(port, TestScheduler.token(Scopes.OPERATOR, null), null);
    }

    private Http(int port, String token, String traceparent) {
        this.port = port;
        this.token = token;
        this.traceparent = traceparent;
    }

    /// An answer: its status, its body, and one of its headers.
    public record Answer(int status, JsonNode body, String location) {

        public UUID id() {
            return UUID.fromString(body.get("id").asString());
        }

        public String text(String field) {
            return body.path(field).asString();
        }
    }

    public Http as(Set<String> scopes, UUID account) {
        return new Http(port, TestScheduler.token(scopes, account), traceparent);
    }

    /// One that says which trace its requests belong to.
    public Http within(String newTraceparent) {
        return new Http(port, token, newTraceparent);
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, String body) {
        return send("POST", path, body);
    }

    public Answer patch(String path, String body) {
        return send("PATCH", path, body);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /// An answer of many lines; of one, if it is a problem document.
    public record Lines(int status, List<JsonNode> lines) {}

    /// Sends a body as it comes.
    public Lines stream(String path, String type, String encoding, InputStream body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body));
        return lines(request);
    }

    /// Reads an answer of many lines.
    public Lines lines(String path) {
        return lines(HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Authorization", "Bearer " + token));
    }

    private static Lines lines(HttpRequest.Builder request) {
        try {
            var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            try (var lines = answer.body()) {
                return new Lines(
                        answer.statusCode(), lines.map(Wire.JSON::readTree).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private Answer send(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (traceparent != null) {
            request.header("traceparent", traceparent);
        }
        try {
            var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    answer.statusCode(),
                    Wire.JSON.readTree(answer.body()),
                    answer.headers().firstValue("Location").orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
