package outrider.insights.overview;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.web.Scopes;
import tools.jackson.databind.JsonNode;

/// The overview with a scheduler and two checkers that answer, refuse or hang as the test wants; the real ones are
/// in `FleetOfProcessesTest`.
class OverviewTest {

    private static final String SCHEDULE = """
            {"paused": false, "rate": {"per_second": 12.5, "because": "demand", "buffer": 1.1},
             "due": {"scopes": 40, "oldest": "2026-01-02T03:04:05Z"}, "open": [],
             "plans": [{"plan": "pro", "interval": "P1D", "respreading": false, "population": 100, "never_scanned": 10,
                        "late": 9, "freshness": 0.9, "objective": 0.99, "age_p99": "PT26H"},
                       {"plan": "free", "interval": "P7D", "respreading": false, "population": 5, "never_scanned": 5,
                        "late": 0, "freshness": 1.0, "objective": 0.99}]}
            """;
    private static final String LANES = """
            {"items": [{"lane": "fast", "state": "paused", "permits": 256, "replica": "%s",
                        "here": {"in_flight": 3, "overflow": 0, "holds": {"ordered": "paused"}, "backlog": 70,
                                 "oldest": %s, "settled_per_second": 1.5, "partitions": []}},
                       {"lane": "slow", "state": "running", "replica": "%s"}]}
            """;
    private static final String LETTERS = "{\"kept\": 7, \"waiting\": 4}";

    static final Neighbour SCHEDULER = new Neighbour();
    static final Neighbour ONE = new Neighbour();
    static final Neighbour TWO = new Neighbour();
    static ConfigurableApplicationContext replica;

    @BeforeAll
    static void start() {
        TestApi.token(null); // starts the API, whose topics the replica reads
        replica = TestApi.start(
                TestInsights.URL,
                "--outrider.overview.timeout=1s",
                "--outrider.scheduler.url=" + SCHEDULER.url(),
                "--outrider.checker.url=" + ONE.url() + "," + TWO.url());
    }

    @AfterAll
    static void stop() {
        replica.close();
        SCHEDULER.close();
        ONE.close();
        TWO.close();
    }

    OverviewTest() {
        SCHEDULER.answers("/admin/schedule", SCHEDULE);
        ONE.answers("/admin/lanes", LANES.formatted("one", "5.5", "one"));
        ONE.answers("/admin/dead-letters:count", LETTERS);
        TWO.answers("/admin/lanes", LANES.formatted("two", "8", "two"));
        TWO.answers("/admin/dead-letters:count", LETTERS);
    }

    @AfterEach
    void letGo() {
        ONE.letGo();
    }

    @Test
    void puts_together_what_everybody_tells() {
        var overview = overview(TestApi.token(null));

        assertThat(overview.at("/schedule/per_second").asDouble()).isEqualTo(12.5);
        assertThat(overview.at("/schedule/oldest_due").asString()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(overview.at("/schedule/late").asInt()).isEqualTo(9);
        assertThat(overview.at("/schedule/plans/0/age_p99").asString()).isEqualTo("PT26H");
        var fast = overview.at("/lanes/0");
        assertThat(fast.at("/state").asString()).isEqualTo("paused");
        assertThat(fast.at("/replicas").values()).extracting(JsonNode::asString).containsExactly("one", "two");
        assertThat(fast.at("/permits").asInt()).isEqualTo(512);
        assertThat(fast.at("/in_flight").asInt()).isEqualTo(6);
        assertThat(fast.at("/backlog").asInt()).isEqualTo(140);
        assertThat(fast.at("/oldest_age").asDouble()).isEqualTo(8);
        assertThat(overview.at("/lanes/1/replicas").values()).isEmpty();
        assertThat(overview.at("/ingest/threshold_rows").asInt()).isPositive();
        assertThat(overview.at("/dead_letters/waiting").asInt()).isEqualTo(4);
        assertThat(overview.at("/database/primary").asString()).isEqualTo("near");
        assertThat(overview.at("/database/round_trip_ms").asDouble()).isPositive();
        assertThat(overview.at("/trouble").values()).isEmpty();
    }

    @Test
    void who_hangs_is_named_and_the_rest_is_told() {
        ONE.hangs();

        var overview = overview(TestApi.token(null));

        assertThat(overview.at("/lanes/0/replicas").values())
                .extracting(JsonNode::asString)
                .containsExactly("two");
        assertThat(overview.at("/dead_letters/kept").asInt()).isEqualTo(7);
        assertThat(overview.at("/schedule/due").asInt()).isEqualTo(40);
        assertThat(overview.at("/trouble").values()).singleElement().satisfies(trouble -> {
            assertThat(trouble.at("/service").asString()).isEqualTo("checker");
            assertThat(trouble.at("/asked").asString()).isEqualTo(ONE.url() + "/admin/lanes");
            assertThat(trouble.at("/error").asString()).isEqualTo("did not answer within PT1S");
        });
    }

    @Test
    void who_refuses_or_talks_nonsense_is_named_with_what_it_said() {
        SCHEDULER.answers("/admin/schedule", null);
        TWO.answers("/admin/lanes", "<html>");

        var overview = overview(TestApi.token(null));

        assertThat(overview.has("schedule")).isFalse();
        assertThat(overview.at("/trouble").values())
                .extracting(trouble -> trouble.at("/error").asString())
                .satisfiesExactlyInAnyOrder(
                        error -> assertThat(error).isEqualTo("answered 503: not now"),
                        error -> assertThat(error).startsWith("answered what cannot be read: "));
    }

    @Test
    void the_others_are_shown_the_callers_own_token() {
        var token = TestApi.token(Set.of(Scopes.ADMIN_READ), null);

        overview(token);

        assertThat(SCHEDULER.shown).isEqualTo("Bearer " + token);
        assertThat(ONE.shown).isEqualTo("Bearer " + token);
    }

    @Test
    void is_for_operators_of_all_accounts_only() {
        assertThat(TestApi.get("/admin/overview", TestApi.token(UUID.randomUUID()))
                        .status())
                .isEqualTo(403);
        assertThat(TestApi.get("/admin/overview", TestApi.token(Set.of(Scopes.INSIGHTS_READ), null))
                        .status())
                .isEqualTo(403);
    }

    private static JsonNode overview(String token) {
        var answer =
                TestApi.send(TestApi.request(replica, "/admin/overview", token).GET());
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    /// Another service, as far as it shows.
    private static final class Neighbour implements AutoCloseable {

        private final HttpServer server;
        private final Map<String, String> answers = new ConcurrentHashMap<>();
        private volatile boolean hanging;
        private volatile HttpExchange hung;
        private volatile String shown;

        Neighbour() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        void answers(String path, String body) {
            answers.put(path, body == null ? "" : body);
        }

        void hangs() {
            hanging = true;
        }

        void letGo() {
            hanging = false;
            if (hung != null) {
                hung.close();
            }
        }

        private void answer(HttpExchange exchange) throws IOException {
            shown = exchange.getRequestHeaders().getFirst("Authorization");
            if (hanging) {
                hung = exchange;
                return;
            }
            var body = answers.getOrDefault(exchange.getRequestURI().getPath(), "");
            var bytes = (body.isEmpty() ? "{\"detail\": \"not now\"}" : body).getBytes(UTF_8);
            exchange.sendResponseHeaders(body.isEmpty() ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
