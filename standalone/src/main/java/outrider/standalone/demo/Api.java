package outrider.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import outrider.scan.Wire;
import outrider.standalone.Service;
import outrider.standalone.Settings;
import tools.jackson.databind.JsonNode;

/// The public REST API of this installation, used with the operator's token as anybody else would.
final class Api implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 200;

    private final Settings settings;
    private final HttpClient http = HttpClient.newHttpClient();

    Api(Settings settings) {
        this.settings = settings;
    }

    JsonNode get(Service service, String path) {
        return send(service, "GET", path, BodyPublishers.noBody());
    }

    JsonNode post(Service service, String path, Object body) {
        return send(service, "POST", path, BodyPublishers.ofByteArray(Wire.write(body)));
    }

    JsonNode patch(Service service, String path, Object body) {
        return send(service, "PATCH", path, BodyPublishers.ofByteArray(Wire.write(body)));
    }

    /// Every item of a list, page by page.
    List<JsonNode> list(Service service, String path) {
        var items = new ArrayList<JsonNode>();
        var token = "";
        do {
            var separator = path.contains("?") ? "&" : "?";
            var page = get(service, "%s%slimit=%d%s".formatted(path, separator, PAGE, token));
            page.path("items").forEach(items::add);
            var next = page.path("next_page_token").asString("");
            token = next.isEmpty() ? "" : "&page_token=" + next;
        } while (!token.isEmpty());
        return items;
    }

    private JsonNode send(Service service, String method, String path, HttpRequest.BodyPublisher body) {
        try {
            var token = Files.readString(settings.home().adminToken()).strip();
            var request = HttpRequest.newBuilder(URI.create(settings.url(service) + path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .method(method, body)
                    .build();
            var answer = http.send(request, BodyHandlers.ofByteArray());
            var json = Wire.JSON.readTree(answer.body());
            if (answer.statusCode() >= 300) {
                throw new DemoException("%s %s was answered with %d: %s"
                        .formatted(
                                method,
                                request.uri(),
                                answer.statusCode(),
                                json.path("detail").asString("")));
            }
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("Interrupted while waiting for " + path);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
