package outrider.scheduler.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;
import outrider.web.Scopes;

class ApiKeysTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();

    @Test
    void of_a_secret_only_its_hash_is_kept() {
        var made = make("'scopes':['insights:read']");
        var secret = made.text("secret");

        assertThat(secret).matches("outrider_[A-Za-z0-9_-]{43}");
        assertThat(everything()).isNotEmpty().noneMatch(row -> row.contains(secret.substring(9)));
        assertThat(http.get("/admin/keys").body().toString()).doesNotContain(secret);
        assertThat(scheduler
                        .jdbc()
                        .sql("select hash from scheduler.api_secret")
                        .query(byte[].class)
                        .single())
                .isEqualTo(Secrets.hash(secret));
    }

    @Test
    void while_a_key_is_rotated_old_and_new_are_valid_side_by_side() {
        var made = make("'scopes':['insights:read']");
        var first = made.text("secret");
        var rotated = http.post("/admin/keys/" + id(made) + ":rotate", "{'overlap':'PT1H','validity':'P30D'}");
        var second = rotated.text("secret");

        assertThat(rotated.body().at("/key/secrets")).hasSize(2);
        assertThat(exchange(first)).isEqualTo(200);
        assertThat(exchange(second)).isEqualTo(200);
        scheduler.clock().advance(Duration.ofHours(1));
        assertThat(exchange(first)).isEqualTo(401);
        assertThat(exchange(second)).isEqualTo(200);
    }

    @Test
    void a_rotation_without_overlap_ends_the_old_secret_at_once_and_is_forgotten_with_the_next() {
        var made = make("'scopes':['insights:read']");
        http.post("/admin/keys/" + id(made) + ":rotate", "{'overlap':'PT0S'}");
        assertThat(exchange(made.text("secret"))).isEqualTo(401);

        var again = http.post("/admin/keys/" + id(made) + ":rotate", "{}");
        assertThat(again.body().at("/key/secrets")).hasSize(2);
    }

    @Test
    void an_overlap_makes_no_secret_last_longer() {
        var made = make("'scopes':['insights:read'],'validity':'PT30M'");
        http.post("/admin/keys/" + id(made) + ":rotate", "{'overlap':'P1D'}");

        scheduler.clock().advance(Duration.ofMinutes(30));

        assertThat(exchange(made.text("secret"))).isEqualTo(401);
    }

    @Test
    void a_token_ends_with_its_key_at_the_latest() {
        var made = make("'scopes':['insights:read'],'validity':'PT20M'");
        assertThat(tokenEnds(made)).isEqualTo(scheduler.clock().instant().plus(Duration.ofMinutes(15)));

        scheduler.clock().advance(Duration.ofMinutes(10));

        assertThat(tokenEnds(made)).isEqualTo(scheduler.clock().instant().plus(Duration.ofMinutes(10)));
        assertThat(http.get("/admin/keys")
                        .body()
                        .at("/items/0/secrets/0/last_used_at")
                        .asString())
                .isEqualTo(scheduler.clock().instant().toString());
    }

    @Test
    void a_key_that_is_taken_back_is_exchanged_no_more() {
        var made = make("'scopes':['insights:read']");

        assertThat(http.delete("/admin/keys/" + id(made)).status()).isEqualTo(204);

        assertThat(exchange(made.text("secret"))).isEqualTo(401);
        assertThat(http.delete("/admin/keys/" + id(made)).status()).isEqualTo(404);
    }

    @Test
    void the_keys_of_an_account_go_with_it() {
        var account = scheduler.account("pro");
        var made = make("'scopes':['insights:read'],'account_id':'%s'".formatted(account));
        assertThat(exchange(made.text("secret"))).isEqualTo(200);

        http.delete("/v1/accounts/" + account);

        assertThat(exchange(made.text("secret"))).isEqualTo(401);
        assertThat(http.get("/admin/keys").body().at("/items")).isEmpty();
    }

    @Test
    void nobody_makes_or_rotates_a_key_that_may_do_more_than_they() {
        var some = http.as(Set.of(Scopes.ADMIN_READ, Scopes.ADMIN_WRITE), null);
        var made = make("'scopes':['insights:read']");

        assertThat(some.post("/admin/keys", "{'name':'x','scopes':['insights:read']}")
                        .status())
                .isEqualTo(422);
        assertThat(some.post("/admin/keys/" + id(made) + ":rotate", "{}").status())
                .isEqualTo(403);
        assertThat(some.post("/admin/keys", "{'name':'x','scopes':['admin:read']}")
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'name':' ','scopes':['admin:read']                                  | name",
                "'name':'x','scopes':[]                                              | scopes",
                "'name':'x','scopes':['everything']                                  | scopes",
                "'name':'x','scopes':['admin:read'],'validity':'P1000D'              | validity",
                "'name':'x','scopes':['admin:read'],'validity':'soon'                | validity",
                "'name':'x','scopes':['admin:read'],'account_id':'01900000-0000-7000-8000-000000000000' | account_id",
            },
            quoteCharacter = '"')
    void refuses_what_makes_no_sense_and_names_it(String body, String field) {
        var answer = http.post("/admin/keys", "{%s}".formatted(body));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void each_change_is_audited_with_its_transaction() {
        var made = make("'scopes':['insights:read']");
        http.post("/admin/keys/" + id(made) + ":rotate", "{}");
        http.delete("/admin/keys/" + id(made));

        assertThat(scheduler
                        .jdbc()
                        .sql("""
                                select value::json ->> 'actor' || ' ' || (value::json ->> 'action')
                                  from scheduler.outbox
                                 where topic = 'outrider-audit' and key = :key
                                 order by id
                                """)
                        .param("key", "key/" + id(made))
                        .query(String.class)
                        .list())
                .containsExactly("tester key.make", "tester key.rotate", "tester key.remove");
    }

    private Http.Answer make(String fields) {
        var answer = http.post("/admin/keys", "{'name':'script',%s}".formatted(fields));
        assertThat(answer.status()).isEqualTo(201);
        return answer;
    }

    private static UUID id(Http.Answer made) {
        return UUID.fromString(made.body().at("/key/id").asString());
    }

    private int exchange(String secret) {
        return http.post("/v1/tokens", "{'key':'%s'}".formatted(secret)).status();
    }

    private Instant tokenEnds(Http.Answer made) {
        return Instant.parse(http.post("/v1/tokens", "{'key':'%s'}".formatted(made.text("secret")))
                .text("expires_at"));
    }

    /// Each row of what was written, as text.
    private List<String> everything() {
        return scheduler.jdbc().sql("""
                        select k::text from scheduler.api_key k
                        union all select s::text || encode(hash, 'escape') from scheduler.api_secret s
                        union all select o::text from scheduler.outbox o
                        """).query(String.class).list();
    }
}
