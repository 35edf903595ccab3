package outrider.insights.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import outrider.embedded.TestBroker;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.insights.ingest.TestReport;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;
import outrider.scan.Plan;
import outrider.scan.Topics;
import outrider.scan.Wire;
import tools.jackson.databind.JsonNode;

/// What the inventory topic does to the insights one sees.
class InventoryTest {

    static KafkaProducer<String, byte[]> producer;

    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();
    private final String token = TestApi.token(account);

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
    void names_join_the_insights_that_were_there_before() {
        report(1, "https://a.example");
        assertThat(insights("").at("/items/0").has("asset_name")).isFalse();

        send(asset("a.example", false));

        await().untilAsserted(() ->
                assertThat(insights("").at("/items/0/asset_name").asString()).isEqualTo("a.example"));
    }

    @Test
    void a_removed_endpoint_closes_its_insights_and_no_others() {
        send(asset("a.example", false, "https://a.example", "https://a.example:8443"));
        awaitAsset();
        report(1, "https://a.example", "https://a.example:8443");

        send(asset("a.example", false, "https://a.example"));

        await().untilAsserted(
                        () -> assertThat(insights("").at("/total").asInt()).isOne());
        var closed = insights("state=resolved").at("/items/0");
        assertThat(closed.at("/subject").asString()).isEqualTo("https://a.example:8443");
        assertThat(closed.at("/resolution").asString()).isEqualTo("removed");
        assertThat(history(closed).at("/items/1/reason").asString()).isEqualTo("removed");
    }

    @Test
    void endpoints_that_are_no_longer_derived_from_the_name_are_removed_too() {
        send(asset("a.example", false));
        awaitAsset();
        report(1, "https://a.example", "http://a.example");

        send(asset("a.example", false, "https://a.example"));

        await().untilAsserted(
                        () -> assertThat(insights("").at("/total").asInt()).isOne());
    }

    @Test
    void a_deleted_asset_closes_all_and_takes_no_late_report() {
        report(1, "https://a.example", "anything");

        send(asset("a.example", true));

        await().untilAsserted(
                        () -> assertThat(insights("").at("/total").asInt()).isZero());
        assertThat(insights("state=resolved").at("/total").asInt()).isEqualTo(2);
        assertThat(report(2, "https://a.example")).isEqualTo("superseded");

        send(asset("a.example", false));
        await().untilAsserted(() -> assertThat(report(3, "https://a.example")).isEqualTo("applied"));
    }

    @Test
    void a_deleted_account_is_erased() {
        send(asset("a.example", false));
        report(1, "https://a.example");
        report(2, "https://b.example");

        send(new InventoryRecord.Account(account, "Example", Plan.PRO, true));

        await().untilAsserted(() -> assertThat(rows()).isZero());
        assertThat(report(3, "https://a.example")).isEqualTo("superseded");
        assertThat(rows()).isZero();
    }

    @Test
    void the_interval_of_a_plan_decides_what_is_stale() {
        send(new InventoryRecord.Account(account, "Example", Plan.BUSINESS, false));
        send(new InventoryRecord.Cadence(Plan.BUSINESS, Duration.ofSeconds(1)));
        report(minutesSinceJune() - 10, "https://a.example");
        await().untilAsserted(() -> assertThat(stale()).isTrue());

        send(new InventoryRecord.Cadence(Plan.BUSINESS, Duration.ofDays(3)));

        await().untilAsserted(() -> assertThat(stale()).isFalse());
    }

    @Test
    void skips_and_counts_what_it_cannot_read() {
        var before = unreadable();
        for (var value : List.of("{", "{\"type\":\"planet\"}", "{\"type\":\"account\",\"id\":7}")) {
            producer.send(new ProducerRecord<>(Topics.INVENTORY, "bad", value.getBytes(UTF_8)));
        }
        producer.send(new ProducerRecord<>(Topics.INVENTORY, "bad", null));

        await().untilAsserted(() -> assertThat(unreadable()).isEqualTo(before + 4));
        report(1, "https://a.example");
        send(asset("still.example", false));
        await().untilAsserted(() ->
                assertThat(insights("").at("/items/0/asset_name").asString()).isEqualTo("still.example"));
    }

    private InventoryRecord.Asset asset(String name, boolean deleted, String... endpoints) {
        var parsed = List.of(endpoints).stream().map(Endpoint::of).toList();
        return new InventoryRecord.Asset(asset, account, AssetKind.HOST, name, parsed, deleted, null);
    }

    private static void send(InventoryRecord record) {
        var value = Wire.JSON.writerFor(InventoryRecord.class).writeValueAsBytes(record);
        producer.send(new ProducerRecord<>(Topics.INVENTORY, record.key(), value));
    }

    private void awaitAsset() {
        await().until(() -> count("select count(*) from insights.asset where account_id = ?") == 1);
    }

    /// A scan that finds lab.alpha failed on each of the subjects; answers what became of it.
    private String report(long sequence, String... subjects) {
        var report = new TestReport(account, asset, sequence);
        for (var subject : subjects) {
            report.fail("lab.alpha", subject, "");
        }
        var answer = TestApi.report(report.ndjson().getBytes(UTF_8), TestApi.token(null));
        return answer.body().at("/items/0/kind").asString();
    }

    /// The sequence of a test's report is also its time.
    private static long minutesSinceJune() {
        return Duration.between(Instant.parse("2026-06-01T12:00:00Z"), Instant.now())
                .toMinutes();
    }

    private boolean stale() {
        return TestApi.get("/v1/coverage", token).body().at("/items/0/stale").asBoolean();
    }

    private JsonNode insights(String query) {
        return TestApi.get("/v1/insights?" + query, token).body();
    }

    private JsonNode history(JsonNode insight) {
        return TestApi.get("/v1/insights/" + insight.at("/id").asString() + "/history", token)
                .body();
    }

    private long rows() {
        return count("select count(*) from insights.insight where account_id = ?")
                + count("select count(*) from insights.insight_event where account_id = ?")
                + count("select count(*) from insights.scope where account_id = ?")
                + count("select count(*) from insights.asset where account_id = ?");
    }

    private long count(String sql) {
        return TestInsights.JDBC.sql(sql).param(account).query(Long.class).single();
    }

    private static double unreadable() {
        var counter = TestApi.APPLICATION
                .getBean(MeterRegistry.class)
                .find("outrider.inventory.records")
                .tag("kind", "unreadable")
                .counter();
        return counter == null ? 0 : counter.count();
    }
}
