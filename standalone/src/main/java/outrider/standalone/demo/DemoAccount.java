package outrider.standalone.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import outrider.standalone.Service;
import tools.jackson.databind.JsonNode;

/// The demo's account with its two zones, by way of the REST API.
final class DemoAccount {
    private static final String NAME = "demo";
    private static final Set<String> UNDER_WAY = Set.of("queued", "running");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Api api;
    private final String id;

    private DemoAccount(Api api, String id) {
        this.api = api;
        this.id = id;
    }

    /// The account as it is, made where it is missing.
    static DemoAccount open(Api api) {
        var account = api.list(Service.SCHEDULER, "/v1/accounts").stream()
                .filter(candidate -> candidate.path("name").asString("").equals(NAME))
                .findFirst()
                .orElseGet(
                        () -> api.post(Service.SCHEDULER, "/v1/accounts", Map.of("name", NAME, "plan", "enterprise")));
        return new DemoAccount(api, account.path("id").asString());
    }

    /// Makes sure that it owns the zone with exactly these endpoints.
    void own(String zone, List<String> endpoints) {
        var assets = "/v1/accounts/%s/assets".formatted(id);
        var asset = api.list(Service.SCHEDULER, assets).stream()
                .filter(candidate -> candidate.path("name").asString("").equals(zone))
                .findFirst();
        if (asset.isEmpty()) {
            api.post(Service.SCHEDULER, assets, Map.of("kind", "zone", "name", zone, "endpoints", endpoints));
        } else if (!texts(asset.get().path("endpoints")).equals(endpoints)) {
            // A port it had last time has been taken by another program since.
            var path = "/v1/assets/" + asset.get().path("id").asString();
            api.patch(Service.SCHEDULER, path, Map.of("endpoints", endpoints));
        }
    }

    /// Scans everything now and waits for the end of it.
    void scan() {
        var deadline = Instant.now().plus(PATIENCE);
        var open = new ArrayList<String>();
        var ordered = api.post(Service.SCHEDULER, "/v1/scans", Map.of("account_id", id));
        ordered.path("items").forEach(scan -> open.add(scan.path("scan_id").asString()));
        while (!open.isEmpty()) {
            open.removeIf(scan -> !UNDER_WAY.contains(api.get(Service.SCHEDULER, "/v1/scans/" + scan)
                    .path("state")
                    .asString("")));
            if (Instant.now().isAfter(deadline)) {
                throw new DemoException("%d scans have not ended within %d s; see GET /v1/scans/%s"
                        .formatted(open.size(), PATIENCE.toSeconds(), open.getFirst()));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /// The account's insights in that state.
    List<JsonNode> insights(String state) {
        return api.list(Service.INSIGHTS, "/v1/insights?account_id=%s&state=%s".formatted(id, state));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }
}
