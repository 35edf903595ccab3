package outrider.standalone;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import outrider.scan.Wire;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A fleet as its operator reaches it: by REST. Who asks names the service by the name it has there.
public abstract class RestFleet implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private volatile String traceparent = "";

    /// Where the service answers: scheme, host and port.
    protected abstract String url(String service);

    /// The operator's token.
    protected abstract String token();

    /// From now on, requests belong to this trace.
    public final void within(String newTraceparent) {
        traceparent = newTraceparent;
    }

    public final JsonNode get(String service, String path) {
        return json(text(service, path));
    }

    /// The items of a list, page by page.
    public final List<JsonNode> items(String service, String path) {
        var items = new ArrayList<JsonNode>();
        for (var token = ""; token != null; ) {
            var page = get(service, path + token);
            page.get("items").forEach(items::add);
            var next = page.path("next_page_token").asString(null);
            token = next == null ? null : (path.contains("?") ? "&" : "?") + "page_token=" + next;
        }
        return items;
    }

    public final JsonNode post(String service, String path, String body) {
        return json(post(service, path, "application/json", body));
    }

    /// The answer as it is.
    public final String post(String service, String path, String type, String body) {
        return send(request(service, path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    public final JsonNode patch(String service, String path, String body) {
        return json(send(request(service, path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body))));
    }

    public final void delete(String service, String path) {
        send(request(service, path).DELETE());
    }

    /// What the service answers to Prometheus, exemplars included.
    public final String metrics(String service) {
        return send(request(service, "/actuator/prometheus")
                .header("Accept", "application/openmetrics-text; version=1.0.0")
                .GET());
    }

    public final String account(String scheduler, String name, String plan) {
        return post(scheduler, "/v1/accounts", "{\"name\":\"%s\",\"plan\":\"%s\"}".formatted(name, plan))
                .get("id")
                .asString();
    }

    /// Scans what is wanted now, page by page; the ids of the scans.
    ///
    /// @param wanted the request: an object that names an asset or an account
    public final List<String> order(String scheduler, String wanted) {
        var scans = new ArrayList<String>();
        var request = (ObjectNode) json(wanted);
        for (var more = true; more; ) {
            var answer = post(scheduler, "/v1/scans", request.toString());
            answer.get("items").forEach(scan -> scans.add(scan.get("scan_id").asString()));
            more = answer.hasNonNull("next_page_token");
            request.set("page_token", answer.get("next_page_token"));
        }
        return scans;
    }

    public final boolean isReported(String scheduler, String scan) {
        return get(scheduler, "/v1/scans/" + scan).get("state").asString().equals("reported");
    }

    /// Waits until all of the scans are reported, whether the scheduler answers all the time or not.
    public final void awaitReported(String scheduler, Collection<String> scans, Duration patience) {
        var open = new ArrayList<>(scans);
        await("scans")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    open.removeIf(scan -> isReported(scheduler, scan));
                    return open.isEmpty();
                });
    }

    private String text(String service, String path) {
        return send(request(service, path).GET());
    }

    protected final HttpRequest.Builder request(String service, String path) {
        return HttpRequest.newBuilder(URI.create(url(service) + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token())
                .header("traceparent", traceparent);
    }

    /// Whether it is ready for requests.
    protected final boolean isReady(String service) throws InterruptedException {
        try {
            var answer = http.send(
                    request(service, "/actuator/health/readiness").GET().build(),
                    HttpResponse.BodyHandlers.discarding());
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(
                        "%s answered %d: %s".formatted(answer.uri(), answer.statusCode(), answer.body()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    protected static JsonNode json(String text) {
        return Wire.JSON.readTree(text);
    }

    @Override
    public void close() {
        http.close();
    }
}
