package outrider.scheduler.inventory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import outrider.scan.AssetKind;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;
import outrider.web.Scopes;

class AssetImportTest {

    private static final String NDJSON = "application/x-ndjson";

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();
    private final UUID account = scheduler.account("pro");

    @Test
    void tells_what_came_of_each_line_and_goes_on_after_a_bad_one() {
        var answer = ndjson(
                "{'kind':'zone','name':'EXAMPLE.com','endpoints':['https://www.example.com']}",
                "",
                "{'kind':'zone','name':'example.com'}\r",
                "{'kind':'zone','name':'example.com','endpoints':['https://other.example.com']}",
                "{'kind':'zone','name':'no_name'}",
                "{'kind':'planet','name':'example.org'}",
                "{'kind':'zone','name':'example.org','endpoint':[]}",
                "[",
                "{'kind':'host','name':'example.org'}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(outcomes(answer))
                .containsExactly(
                        "1 created",
                        "3 existed",
                        "4 differs",
                        "5 invalid",
                        "6 invalid",
                        "7 invalid",
                        "8 invalid",
                        "9 created");
        assertThat(whys(answer).get(2)).startsWith("endpoints: ").contains("PATCH /v1/assets/");
        assertThat(whys(answer).get(3)).startsWith("name: ");
        assertThat(whys(answer).get(4)).startsWith("kind: must be one of");
        assertThat(whys(answer).get(5)).startsWith("endpoint: ");
        assertThat(whys(answer).get(6)).startsWith("line: ");
        assertThat(answer.lines().getLast().at("/end").toString())
                .isEqualTo("{\"created\":2,\"existed\":1,\"differs\":1,\"invalid\":4}");
    }

    @Test
    void reads_a_table_with_its_columns_in_any_order() {
        var answer = send(
                "text/csv; charset=utf-8",
                "\ufeffName,kind,endpoints\nexample.com,zone,https://a.example.com  https://b.example.com:8443\n\"example.org\",host,\nx,y,z,more\nexample.net\n");

        assertThat(outcomes(answer)).containsExactly("2 created", "3 created", "4 invalid", "5 invalid");
        assertThat(whys(answer).get(2)).isEqualTo("line: has 4 fields, and the first line names 3");
        assertThat(endpoints("example.com")).isEqualTo("{https://a.example.com,https://b.example.com:8443}");
    }

    @Test
    void may_be_sent_again() {
        var body = lines(2_500);
        assertThat(send(NDJSON, body).lines().getLast().at("/end/created").asInt())
                .isEqualTo(2_500);

        var again = send(NDJSON, body);

        assertThat(again.lines().getLast().at("/end/existed").asInt()).isEqualTo(2_500);
        assertThat(number("select count(*) from scheduler.asset")).isEqualTo(2_500);
        assertThat(number("select count(*) from scheduler.scope")).isEqualTo(2_500L * TestScheduler.checkers());
        assertThat(number("select count(*) from scheduler.outbox")).isEqualTo(2_500);
    }

    @Test
    void takes_gzip_and_nothing_else_that_is_packed() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(lines(3).getBytes(UTF_8));
        }
        var bytes = packed.toByteArray();

        assertThat(send(NDJSON, "gzip", bytes).lines()).hasSize(4);
        assertThat(send(NDJSON, "br", bytes).status()).isEqualTo(415);
        assertThat(send("application/json", "identity", bytes).status()).isEqualTo(415);
        var broken = send(NDJSON, "gzip", Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.lines().getFirst().get("detail").asString()).contains("broke off", "send the same again");
    }

    @Test
    void a_line_that_is_no_text_or_too_long_is_invalid_and_the_others_go_on() {
        var body = String.join("\n", line(1), "{\"name\":\"\u00ff\"}", line(2), "x".repeat(200_000), line(3), "\u00ff");

        var answer = send(NDJSON, "identity", body.getBytes(ISO_8859_1));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(outcomes(answer))
                .containsExactly("1 created", "2 invalid", "3 created", "4 invalid", "5 created", "6 invalid");
        assertThat(whys(answer).get(1)).isEqualTo("line 2: is not valid UTF-8");
        assertThat(whys(answer).get(3)).isEqualTo("line 4: has more than 65536 bytes");
    }

    @Test
    void a_line_without_end_is_one_line() {
        var answer = send(NDJSON, line(1) + "\n" + "x".repeat(200_000));

        assertThat(outcomes(answer)).containsExactly("1 created", "2 invalid");
        assertThat(answer.lines().getLast().at("/end/invalid").asInt()).isEqualTo(1);
    }

    @Test
    void what_was_read_before_it_broke_off_is_there_and_is_told() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(lines(20_000).getBytes(UTF_8));
        }

        var answer = send(NDJSON, "gzip", Arrays.copyOf(packed.toByteArray(), packed.size() / 2));

        assertThat(answer.status()).isEqualTo(400);
        var created = answer.lines().getLast().at("/broken_off/created").asInt();
        assertThat(created).isBetween(1_001, 19_999);
        assertThat(outcomes(answer)).hasSize(created);
        assertThat(number("select count(*) from scheduler.asset")).isEqualTo(created);
        assertThat(answer.lines().getLast().get("why").asString()).contains("broke off", "send the same again");
    }

    @Test
    void goes_on_while_what_it_finds_is_deleted() throws Exception {
        var inventory = scheduler.bean(Inventory.class);
        var wanted = IntStream.range(0, 5)
                .mapToObj(number -> new AssetImport.Wanted(AssetKind.ZONE, "a%d.example".formatted(number), null))
                .toList();
        try (var thread = Executors.newSingleThreadExecutor()) {
            var adding = thread.submit(() -> {
                for (var round = 0; round < 200; round++) {
                    assertThat(inventory.addAssets(account, wanted)).hasSize(5);
                }
            });
            while (!adding.isDone()) {
                scheduler
                        .jdbc()
                        .sql("select id from scheduler.asset")
                        .query(UUID.class)
                        .list()
                        .forEach(inventory::removeAsset);
            }
            adding.get();
        }
    }

    @Test
    void a_table_without_its_head_adds_nothing() {
        var answer = send("text/csv", "zone,example.com\n");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.lines().getFirst().get("detail").asString()).startsWith("line 1: must name the columns");
        assertThat(number("select count(*) from scheduler.asset")).isZero();
    }

    @Test
    void several_imports_of_the_same_assets_at_once_add_each_once() throws Exception {
        var forwards = IntStream.range(0, 4_000).mapToObj(AssetImportTest::line).collect(Collectors.toList());
        var backwards = forwards.reversed();
        Callable<Http.Lines> one = () -> send(NDJSON, String.join("\n", forwards));
        Callable<Http.Lines> other = () -> send(NDJSON, String.join("\n", backwards));
        try (var threads = Executors.newFixedThreadPool(4)) {
            var created = 0;
            for (var answer : threads.invokeAll(List.of(one, other, one, other))) {
                created += answer.get().lines().getLast().at("/end/created").asInt();
            }
            assertThat(created).isEqualTo(4_000);
        }
        assertThat(number("select count(*) from scheduler.asset")).isEqualTo(4_000);
    }

    @Test
    void goes_into_no_account_that_the_token_does_not_see() {
        var stranger = http.as(Scopes.OPERATOR, scheduler.account("free"));

        var answer = stranger.stream(
                "/v1/accounts/%s/assets:import".formatted(account),
                NDJSON,
                "identity",
                new ByteArrayInputStream(new byte[0]));

        assertThat(answer.status()).isEqualTo(404);
    }

    private Http.Lines ndjson(String... lines) {
        return send(NDJSON, Stream.of(lines).collect(Collectors.joining("\n")));
    }

    private Http.Lines send(String type, String body) {
        return send(type, "identity", (type.equals(NDJSON) ? body.replace('\'', '"') : body).getBytes(UTF_8));
    }

    private Http.Lines send(String type, String encoding, byte[] body) {
        return http.stream(
                "/v1/accounts/%s/assets:import".formatted(account), type, encoding, new ByteArrayInputStream(body));
    }

    private static List<String> outcomes(Http.Lines answer) {
        return answer.lines().stream()
                .filter(line -> line.has("line"))
                .map(line ->
                        line.get("line").asInt() + " " + line.get("outcome").asString())
                .toList();
    }

    private static List<String> whys(Http.Lines answer) {
        return answer.lines().stream()
                .map(line -> line.path("why").asString(""))
                .toList();
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(AssetImportTest::line).collect(Collectors.joining("\n")) + "\n";
    }

    private static String line(int number) {
        return "{\"kind\":\"zone\",\"name\":\"a%d.example\"}".formatted(number);
    }

    private String endpoints(String name) {
        return scheduler
                .jdbc()
                .sql("select endpoints::text from scheduler.asset where name = :name")
                .param("name", name)
                .query(String.class)
                .single();
    }

    private long number(String sql) {
        return scheduler.jdbc().sql(sql).query(Long.class).single();
    }
}
