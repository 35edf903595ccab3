package outrider.insights.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.insights.catalog.TestCatalogs.catalog;
import static outrider.insights.catalog.TestCatalogs.enabled;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import outrider.embedded.TestBroker;
import outrider.insights.TestApi;
import outrider.insights.ingest.TestReport;
import outrider.scan.CatalogRecord;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// Reports under the catalogues that checkers publish.
class CatalogTest {

    static KafkaProducer<String, byte[]> producer;

    private final CatalogRecord jars = catalog(enabled("jar.own", "jar"), enabled("lab.beta", "lab"));
    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();

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
    void a_report_under_an_unknown_catalogue_is_busy_until_a_checker_has_told_of_it() {
        var own = jar().fail("jar.own", "a", "");
        assertThat(report(own)).containsExactly("busy");

        send(jars);

        await().untilAsserted(() -> assertThat(report(own)).containsExactly("applied"));
        var token = TestApi.token(account);
        var insight = TestApi.get("/v1/insights", token).body().at("/items/0");
        var shown = TestApi.get("/v1/insights/" + insight.at("/id").asString(), token);
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.body().at("/check").asString()).isEqualTo("jar.own");
        assertThat(shown.body().has("remediation")).isFalse();
    }

    @Test
    void the_others_of_the_request_are_applied() {
        var before = new TestReport(account, asset, 1).fail("lab.alpha", "a", "");
        var early = jar().fail("jar.own", "a", "");
        var after = new TestReport(account, UUID.randomUUID(), 1).fail("lab.alpha", "a", "");

        assertThat(report(before, early, after)).containsExactly("applied", "busy", "applied");
    }

    @Test
    void lines_that_its_catalogue_may_allow_do_not_refuse_it() {
        var body = jar().fail("jar.own", "a", "").ndjson().replace("\"FAIL\"", "\"NEW\"");

        assertThat(kinds(body)).containsExactly("busy");
    }

    @Test
    void a_large_one_is_busy_too() {
        var details = IntStream.range(0, 12_000).mapToObj(Integer::toString).toArray(String[]::new);

        assertThat(report(jar().fail("jar.own", "a", details))).containsExactly("busy");
    }

    @Test
    void what_the_named_catalogue_does_not_have_is_rejected() {
        send(jars);
        await().untilAsserted(
                        () -> assertThat(report(jar().pass("jar.own", "a"))).doesNotContain("busy"));
        var wrong = new TestReport(account, asset, 1).catalog(jars.hash()).fail("lab.alpha", "a", "");
        var right = new TestReport(account, asset, 2).catalog(jars.hash()).fail("lab.beta", "a", "");

        assertThat(report(wrong, right)).containsExactly("rejected", "applied");
    }

    @Test
    void a_record_that_cannot_be_read_is_skipped_and_counted() {
        var before = unreadable();
        for (var value : List.of("{", "{\"hash\":\"?\",\"at\":\"2026-06-01T12:00:00Z\",\"checks\":[]}")) {
            producer.send(new ProducerRecord<>(Topics.CATALOG, "bad", value.getBytes(UTF_8)));
        }

        await().untilAsserted(() -> assertThat(unreadable()).isEqualTo(before + 2));
    }

    private TestReport jar() {
        return new TestReport(account, asset, 1).checker("jar").catalog(jars.hash());
    }

    private static void send(CatalogRecord record) {
        producer.send(new ProducerRecord<>(Topics.CATALOG, record.hash(), Wire.write(record)));
    }

    private static List<String> report(TestReport... reports) {
        var body = new StringBuilder();
        for (var report : reports) {
            body.append(report.ndjson());
        }
        return kinds(body.toString());
    }

    private static List<String> kinds(String body) {
        return TestApi.report(body.getBytes(UTF_8), TestApi.token(null))
                .body()
                .at("/items")
                .valueStream()
                .map(item -> item.at("/kind").asString())
                .toList();
    }

    private static double unreadable() {
        var counter = TestApi.APPLICATION
                .getBean(MeterRegistry.class)
                .find("outrider.catalog.records")
                .tag("kind", "unreadable")
                .counter();
        return counter == null ? 0 : counter.count();
    }
}
