package outrider.insights.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.embedded.TestBroker;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.scan.AuditRecord;
import outrider.scan.Ids;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Scopes;
import tools.jackson.databind.JsonNode;

/// From the topic of the audit to the list of it; the tests keep apart by their targets.
class AuditTrailTest {
    static KafkaProducer<String, byte[]> producer;

    private final String target = "lane/" + UUID.randomUUID();

    @BeforeAll
    static void connect() {
        TestApi.token(null); // starts the API
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestBroker.shared().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void disconnect() {
        producer.close();
    }

    @Test
    void a_record_that_is_delivered_twice_is_kept_once() {
        var record = record("operator", Instant.now());
        send(record);
        send(record);
        send(record("last", Instant.now()));

        await().until(() -> !list("actor=last").at("/items").isEmpty());

        var items = list("actor=operator").at("/items");
        assertThat(items).hasSize(1);
        assertThat(items.get(0).at("/id").asString()).isEqualTo(record.id().toString());
        assertThat(items.get(0).at("/before/permits").asInt()).isEqualTo(256);
        assertThat(items.get(0).at("/after/state").asString()).isEqualTo("paused");
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void pages_lead_from_the_newest_to_the_oldest() {
        var start = Instant.parse("2026-06-01T00:00:00Z");
        // Two of them at the same time.
        for (var second : List.of(0, 1, 1, 2, 3)) {
            send(record("operator", start.plusSeconds(second)));
        }
        await().until(() -> rows() == 5);
        var times = new ArrayList<String>();
        var page = list("limit=2");
        page.at("/items").forEach(item -> times.add(item.at("/at").asString()));
        while (page.has("next_page_token")) {
            page = list("limit=2&page_token=" + page.at("/next_page_token").asString());
            page.at("/items").forEach(item -> times.add(item.at("/at").asString()));
        }

        assertThat(times)
                .extracting(time -> Instant.parse(time).getEpochSecond() - start.getEpochSecond())
                .containsExactly(3L, 2L, 1L, 1L, 0L);
    }

    @ParameterizedTest
    @CsvSource({
        "actor=operator, 1",
        "actor=somebody, 0",
        "action=lane.change, 1",
        "action=other, 0",
        "since=2026-06-01T00:00:00Z, 1",
        "since=2026-06-01T00:00:01Z, 0",
        "since=-1000000000-01-01T00:00:00Z, 1",
        "since=%2B1000000000-01-01T00:00:00Z, 0",
    })
    void filters_narrow_the_list(String filter, int found) {
        send(record("operator", Instant.parse("2026-06-01T00:00:00Z")));
        await().until(() -> rows() == 1);

        assertThat(list(filter).at("/items")).hasSize(found);
    }

    @Test
    void what_no_database_would_take_delays_nothing() {
        for (var value : List.of("{", "null", "{\"id\":7}")) {
            producer.send(new ProducerRecord<>(Topics.AUDIT, "bad", value.getBytes(UTF_8)));
        }
        producer.send(new ProducerRecord<>(Topics.AUDIT, "bad", null));
        send(new AuditRecord(
                Ids.next(Clock.systemUTC()),
                Instant.MAX,
                "checker\0service",
                "one",
                "x".repeat(9_000),
                "lane.change",
                target,
                null,
                Map.of("a\0b", "c\0d\ud800")));

        await().until(() -> rows() == 1);

        var item = list("").at("/items/0");
        assertThat(item.at("/actor").asString()).hasSize(300);
        assertThat(item.at("/after").propertyNames()).containsExactly("a\0b");
        assertThat(Instant.parse(item.at("/at").asString())).isBefore(Instant.now());
    }

    @Test
    void only_operators_of_all_accounts_may_look() {
        assertThat(TestApi.get("/admin/audit", TestApi.token(UUID.randomUUID())).status())
                .isEqualTo(403);
        assertThat(TestApi.get("/admin/audit", TestApi.token(Set.of(Scopes.INSIGHTS_READ), null))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"page_token=x, page_token", "since=yesterday, since"})
    void refuses_what_makes_no_sense_and_names_it(String query, String field) {
        var answer = TestApi.get("/admin/audit?" + query, TestApi.token(null));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/field").asString()).isEqualTo(field);
    }

    private AuditRecord record(String actor, Instant at) {
        return new AuditRecord(
                Ids.next(Clock.systemUTC()),
                at,
                "checker-service",
                "one",
                actor,
                "lane.change",
                target,
                Map.of("permits", 256),
                Map.of("state", "paused"));
    }

    private static void send(AuditRecord record) {
        producer.send(new ProducerRecord<>(Topics.AUDIT, record.target(), Wire.write(record)));
    }

    private JsonNode list(String query) {
        return TestApi.get("/admin/audit?target=" + target + "&" + query, TestApi.token(null))
                .body();
    }

    private long rows() {
        return TestInsights.JDBC
                .sql("select count(*) from insights.audit where target = ?")
                .param(target)
                .query(Long.class)
                .single();
    }
}
