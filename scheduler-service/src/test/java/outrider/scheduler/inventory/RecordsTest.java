package outrider.scheduler.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.scheduler.Http;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;
import outrider.web.ProblemException;
import outrider.web.Scopes;

class RecordsTest {

    private static final String ZONE_FILE = "text/dns";
    private static final String ZONE = """
            $TTL 300
            @       IN SOA ns1 hostmaster 1 7200 3600 1209600 3600
                    IN NS  ns1
            WWW     60 IN A 192.0.2.1 ; a comment
            mail.example.com. A 192.0.2.2
            """;

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();
    private final UUID account = scheduler.account("pro");
    private final UUID zone =
            scheduler.asset(account, "example.com", scheduler.clock().instant().plusSeconds(3_600));

    @Test
    void reads_a_zone_file_and_gives_it_back_line_by_line() {
        assertThat(load(ZONE_FILE, ZONE).lines().getFirst().get("records").asInt())
                .isEqualTo(4);

        assertThat(records())
                .containsExactly(
                        "{\"name\":\"example.com\",\"type\":\"SOA\",\"ttl\":300,\"data\":\"ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 3600\"}",
                        "{\"name\":\"example.com\",\"type\":\"NS\",\"ttl\":300,\"data\":\"ns1.example.com.\"}",
                        "{\"name\":\"www.example.com\",\"type\":\"A\",\"ttl\":60,\"data\":\"192.0.2.1\"}",
                        "{\"name\":\"mail.example.com\",\"type\":\"A\",\"ttl\":300,\"data\":\"192.0.2.2\"}",
                        "{\"end\":{\"records\":4}}");
    }

    @Test
    void what_it_gives_out_can_be_read_again() {
        load(ZONE_FILE, ZONE);
        var before = records();

        load("application/x-ndjson", before.stream().limit(4).collect(Collectors.joining("\n")));

        assertThat(records()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/dns | www A 192.0.2.300 | body: is no zone file",
                "text/dns | $INCLUDE /etc/passwd | body: is no zone file",
                "text/dns | $GENERATE 1-100000000 a$ A 192.0.2.1 | $GENERATE",
                "text/dns | www.example.org. A 192.0.2.1 | www.example.org. A: is not in the zone",
                "application/x-ndjson | {\"name\":\"a\",\"type\":\"NOPE\",\"ttl\":1,\"data\":\"x\"} | line 1: type: there is no such type",
                "application/x-ndjson | {\"name\":\"a\",\"type\":\"A\",\"ttl\":-1,\"data\":\"192.0.2.1\"} | line 1: ttl",
                "application/x-ndjson | {\"name\":\"a\"} | line 1: "
            })
    void what_is_wrong_changes_nothing_and_is_named(String type, String body, String complaint) {
        load(ZONE_FILE, ZONE);
        var before = records();

        var answer = load(type, body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.lines().getFirst().get("detail").asString()).contains(complaint);
        assertThat(records()).isEqualTo(before);
    }

    @Test
    void a_reader_goes_on_with_what_it_began_with() {
        var repository = scheduler.bean(Records.class);
        load(ZONE_FILE, ZONE);
        var generation = repository.current(zone).orElseThrow();

        load(ZONE_FILE, "www A 192.0.2.9");
        repository.sweep();

        assertThat(repository.page(generation.id(), 0)).hasSize(4);
        scheduler.clock().advance(Duration.ofHours(7));
        while (repository.sweep()) {}
        assertThat(repository.page(generation.id(), 0)).isEmpty();
        assertThat(records()).hasSize(2);
    }

    @Test
    void many_records_make_the_zone_slow_and_due_at_once() {
        assertThat(load(ZONE_FILE, many(12_000))
                        .lines()
                        .getFirst()
                        .get("records")
                        .asInt())
                .isEqualTo(12_000);

        assertThat(number("select records from scheduler.asset")).isEqualTo(12_000);
        assertThat(number("select count(*) from scheduler.scope where next_due > now() + interval '10 years'"))
                .isZero();
        assertThat(records()).hasSize(12_001);
    }

    @Test
    void an_asset_that_is_deleted_takes_its_records_along() {
        load(ZONE_FILE, ZONE);

        http.delete("/v1/assets/" + zone);
        scheduler.clock().advance(Duration.ofHours(7));
        while (scheduler.bean(Records.class).sweep()) {}

        assertThat(number("select count(*) from scheduler.record")).isZero();
        assertThat(number("select count(*) from scheduler.record_generation")).isZero();
    }

    @Test
    void a_reader_whose_records_are_swept_away_gets_no_end_line() throws IOException {
        var repository = scheduler.bean(Records.class);
        load(ZONE_FILE, many(2_500));
        var generation = repository.current(zone).orElseThrow();
        load(ZONE_FILE, ZONE);
        var read = new ByteArrayOutputStream() {
            @Override
            public void write(byte[] line) throws IOException {
                if (size() == 0) {
                    scheduler.clock().advance(Duration.ofHours(7));
                    while (repository.sweep()) {}
                }
                super.write(line);
            }
        };

        assertThat(scheduler.bean(RecordController.class).write(generation, read))
                .isFalse();
        assertThat(read.toString(UTF_8).lines()).hasSize(1_000);
    }

    @Test
    void a_load_that_was_swept_away_changes_nothing() {
        var repository = scheduler.bean(Records.class);
        load(ZONE_FILE, ZONE);
        var before = records();
        try (var loading = repository.load(asset())) {
            loading.add(new ZoneRecord("a.example.com", "A", 1, "192.0.2.1"));
            scheduler.clock().advance(Duration.ofHours(7));
            while (repository.sweep()) {}

            assertThatThrownBy(loading::finish)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("Try again");
        }
        assertThat(records()).isEqualTo(before);
        assertThat(number("select count(*) from scheduler.record")).isEqualTo(4);
    }

    @Test
    void a_load_that_goes_on_is_kept() {
        var repository = scheduler.bean(Records.class);
        try (var loading = repository.load(asset())) {
            for (var number = 0; number < 15_000; number++) {
                if (number % 5_000 == 0) {
                    scheduler.clock().advance(Duration.ofHours(5));
                    while (repository.sweep()) {}
                }
                loading.add(new ZoneRecord("a%d.example.com".formatted(number), "A", 1, "192.0.2.1"));
            }
            assertThat(loading.finish()).contains(15_000);
        }
        assertThat(records()).hasSize(15_001);
    }

    @Test
    void a_zone_that_is_renamed_has_no_records() {
        load(ZONE_FILE, ZONE);
        try (var loading = scheduler.bean(Records.class).load(asset())) {
            loading.add(new ZoneRecord("a.example.com", "A", 1, "192.0.2.1"));

            assertThat(http.patch("/v1/assets/" + zone, "{'name':'example.org'}")
                            .status())
                    .isEqualTo(200);

            assertThat(records()).containsExactly("{\"end\":{\"records\":0}}");
            assertThat(number("select records from scheduler.asset")).isZero();
            assertThatThrownBy(loading::finish)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("renamed to example.org");
        }
        assertThat(records()).hasSize(1);
    }

    @Test
    void the_same_records_again_make_nothing_due() {
        load(ZONE_FILE, ZONE);
        scheduler
                .jdbc()
                .sql("update scheduler.scope set next_due = :later")
                .param("later", Sql.at(scheduler.clock().instant().plusSeconds(3_600)))
                .update();

        load(ZONE_FILE, ZONE);
        assertThat(due()).isZero();

        load(ZONE_FILE, ZONE + "new A 192.0.2.3");
        assertThat(due()).isPositive();
    }

    @Test
    void checkers_may_read_them_and_strangers_not() {
        load(ZONE_FILE, ZONE);
        var path = "/v1/assets/%s/records".formatted(zone);

        assertThat(http.as(Scopes.CHECKER, null).lines(path).status()).isEqualTo(200);
        assertThat(http.as(Scopes.CHECKER, scheduler.account("free"))
                        .lines(path)
                        .status())
                .isEqualTo(404);
        assertThat(http.as(Set.of(Scopes.INVENTORY_READ), null).lines(path).status())
                .isEqualTo(403);
    }

    private long due() {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.scope where next_due <= :now")
                .param("now", Sql.at(scheduler.clock().instant()))
                .query(Long.class)
                .single();
    }

    private Asset asset() {
        return scheduler.bean(AssetRepository.class).find(zone).orElseThrow();
    }

    private static String many(int records) {
        return IntStream.range(0, records)
                .mapToObj("h%d A 192.0.2.1"::formatted)
                .collect(Collectors.joining("\n"));
    }

    private Http.Lines load(String type, String body) {
        return load(type, new ByteArrayInputStream(body.getBytes(UTF_8)));
    }

    private Http.Lines load(String type, InputStream body) {
        return http.stream("/v1/assets/%s/records:import".formatted(zone), type, "identity", body);
    }

    private List<String> records() {
        return http.lines("/v1/assets/%s/records".formatted(zone)).lines().stream()
                .map(Object::toString)
                .toList();
    }

    private long number(String sql) {
        return scheduler.jdbc().sql(sql).query(Long.class).single();
    }
}
