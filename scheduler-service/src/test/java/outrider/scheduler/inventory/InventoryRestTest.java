package outrider.scheduler.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.scheduler.Http;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;
import outrider.web.Scopes;

class InventoryRestTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();
    private UUID account;

    @BeforeEach
    void start() {
        account = http.post("/v1/accounts", "{'name':' Example Ltd ','plan':'free'}")
                .id();
    }

    @Test
    void creates_an_account_where_it_says_it_is() {
        var created = http.post("/v1/accounts", "{'name':'Other','plan':'ENTERPRISE'}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(http.get(created.location()).body()).isEqualTo(created.body());
        assertThat(created.text("plan")).isEqualTo("enterprise");
        assertThat(http.get("/v1/accounts/" + account).text("name")).isEqualTo("Example Ltd");
    }

    @Test
    void adds_an_asset_with_scopes_that_are_due_at_once() {
        var created = add(
                "{'kind':'zone','name':'Example.COM.','endpoints':['https://WWW.example.com:443','https://www.example.com']}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text("name")).isEqualTo("example.com");
        assertThat(created.body().get("endpoints").toString()).isEqualTo("[\"https://www.example.com\"]");
        assertThat(http.get(created.location()).body()).isEqualTo(created.body());
        assertThat(scheduler
                        .jdbc()
                        .sql("select count(*) from scheduler.scope where next_due = :now")
                        .param("now", Sql.at(scheduler.clock().instant()))
                        .query(Integer.class)
                        .single())
                .isEqualTo(TestScheduler.checkers());
    }

    @Test
    void the_same_name_again_is_the_same_asset() {
        var first = add("{'kind':'zone','name':'example.com','endpoints':['https://www.example.com']}");

        var again = add("{'kind':'zone','name':'EXAMPLE.com','endpoints':['https://www.example.com:443']}");
        var without = add("{'kind':'zone','name':'example.com'}");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(without.body()).isEqualTo(first.body());
        assertThat(add("{'kind':'host','name':'example.com'}").status()).isEqualTo(201);
    }

    @Test
    void the_same_name_with_other_endpoints_is_a_conflict_that_changes_nothing() {
        var first = add("{'kind':'zone','name':'example.com'}");

        var other = add("{'kind':'zone','name':'example.com','endpoints':['https://www.example.com']}");

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.text("detail")).startsWith("endpoints:").contains("PATCH /v1/assets/" + first.id());
        assertThat(http.get(first.location()).body()).isEqualTo(first.body());
    }

    @Test
    void changes_what_is_given_and_nothing_else() {
        var asset = add("{'kind':'zone','name':'example.com','endpoints':['https://www.example.com']}");

        var renamed = http.patch(asset.location(), "{'name':'example.org'}");
        assertThat(renamed.text("name")).isEqualTo("example.org");
        assertThat(renamed.body().get("endpoints")).hasSize(1);
        assertThat(http.patch(asset.location(), "{'endpoints':[]}").body().get("endpoints"))
                .isEmpty();

        assertThat(http.patch("/v1/accounts/" + account, "{'plan':'pro'}").text("name"))
                .isEqualTo("Example Ltd");
        assertThat(http.patch("/v1/accounts/" + account, "{'name':'New'}").text("plan"))
                .isEqualTo("pro");
    }

    @Test
    void a_name_that_another_asset_has_is_a_conflict() {
        var asset = add("{'kind':'zone','name':'example.com'}");
        add("{'kind':'zone','name':'example.org'}");

        var answer = http.patch(asset.location(), "{'name':'example.org'}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("detail")).startsWith("name:");
    }

    @Test
    void deletes_an_asset_with_its_scopes() {
        var asset = add("{'kind':'zone','name':'example.com'}");

        assertThat(http.delete(asset.location()).status()).isEqualTo(204);

        assertThat(http.get(asset.location()).status()).isEqualTo(404);
        assertThat(http.delete(asset.location()).status()).isEqualTo(404);
        assertThat(rows("scope")).isZero();
    }

    @Test
    void a_deletion_that_was_broken_off_hides_the_account_and_is_finished() {
        var asset = add("{'kind':'zone','name':'example.com'}");
        scheduler.jdbc().sql("update scheduler.account set going = true").update();
        assertThat(http.get("/v1/accounts/" + account).status()).isEqualTo(404);
        assertThat(http.get("/v1/accounts").body().get("items")).isEmpty();
        assertThat(add("{'kind':'zone','name':'example.org'}").status()).isEqualTo(404);

        while (scheduler.bean(Inventory.class).finishRemovals()) {}

        assertThat(http.get(asset.location()).status()).isEqualTo(404);
        assertThat(rows("account")).isZero();
        assertThat(rows("outbox")).isEqualTo(5); // added and deleted, each, and how many rows of what went
    }

    @Test
    void deletes_an_account_with_all_it_owns() {
        scheduler.assets(account, 2_500, scheduler.clock().instant());

        assertThat(http.delete("/v1/accounts/" + account).status()).isEqualTo(204);

        assertThat(List.of(rows("account"), rows("asset"), rows("scope"))).containsOnly(0);
        assertThat(http.get("/v1/accounts/" + account).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'A','plan':'gold'}          | 422 | plan: must be one of free, pro, business, enterprise",
                "{'name':' ','plan':'free'}          | 422 | name: must have 1 to 200",
                "{'plan':'free'}                     | 400 | name",
                "{'name':null,'plan':'free'}         | 400 | name",
                "{'name':'A','plan':'free','x':1}    | 400 | x",
                "{'name':'A'                         | 400 | not valid JSON",
                "not json                            | 400 | not valid JSON"
            })
    void says_what_is_wrong_with_an_account(String body, int status, String complaint) {
        var answer = http.post("/v1/accounts", body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("detail")).contains(complaint);
        assertThat(rows("account")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'kind':'zone','name':'not a domain'}                                  | 422 | name: is no host name",
                "{'kind':'planet','name':'example.com'}                                 | 422 | kind: must be one of zone, host",
                "{'kind':'zone','name':'example.com','endpoints':['ftp://example.com']} | 422 | endpoints: an endpoint's scheme is http or https",
                "{'kind':'zone','name':'example.com','endpoints':['example.com']}       | 422 | endpoints: 'example.com' is no endpoint",
                "{'kind':'zone','name':'example.com','endpoints':[null]}                | 422 | endpoints: '' is no endpoint",
                "{'kind':'zone','name':'example.com','endpoints':'https://a.example'}   | 400 | endpoints",
                "{'kind':'zone'}                                                        | 400 | name",
                "[]                                                                     | 400 | "
            })
    void says_what_is_wrong_with_an_asset(String body, int status, String complaint) {
        var answer = add(body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("detail")).contains(complaint == null ? "" : complaint);
        assertThat(rows("asset")).isZero();
    }

    @Test
    void bounds_the_number_of_endpoints() {
        var many = "'https://a.example',".repeat(101);

        var answer = add("{'kind':'zone','name':'example.com','endpoints':[%s]}"
                .formatted(many.substring(0, many.length() - 1)));

        assertThat(answer.text("detail")).isEqualTo("endpoints: may hold 100 at most");
    }

    @Test
    void an_unknown_account_an_odd_id_and_a_foreign_page_token_are_told_apart() {
        var nobody = "/v1/accounts/00000000-0000-7000-8000-000000000000";

        assertThat(http.get(nobody + "/assets").status()).isEqualTo(404);
        assertThat(http.post(nobody + "/assets", "{'kind':'zone','name':'example.com'}")
                        .status())
                .isEqualTo(404);
        assertThat(http.get("/v1/accounts/nonsense").status()).isEqualTo(400);
        assertThat(http.get("/v1/accounts?page_token=nonsense").text("detail")).startsWith("page_token:");
        assertThat(http.get("/v1/accounts?limit=0").text("detail")).startsWith("limit:");
    }

    @Test
    void a_token_of_another_account_sees_nothing() {
        var asset = add("{'kind':'zone','name':'example.com'}");
        var stranger = http.as(
                Scopes.OPERATOR,
                http.post("/v1/accounts", "{'name':'B','plan':'free'}").id());

        assertThat(stranger.get("/v1/accounts").body().get("items")).hasSize(1);
        assertThat(List.of(
                        stranger.get("/v1/accounts/" + account),
                        stranger.patch("/v1/accounts/" + account, "{'name':'C'}"),
                        stranger.delete("/v1/accounts/" + account),
                        stranger.get("/v1/accounts/%s/assets".formatted(account)),
                        stranger.post(
                                "/v1/accounts/%s/assets".formatted(account), "{'kind':'zone','name':'b.example'}"),
                        stranger.get(asset.location()),
                        stranger.patch(asset.location(), "{'endpoints':[]}"),
                        stranger.delete(asset.location())))
                .extracting(Http.Answer::status)
                .containsOnly(404);
        assertThat(http.get(asset.location()).body()).isEqualTo(asset.body());
    }

    @Test
    void a_token_of_one_account_may_neither_create_accounts_nor_change_its_plan() {
        var tenant = http.as(Scopes.OPERATOR, account);

        assertThat(tenant.post("/v1/accounts", "{'name':'B','plan':'free'}").status())
                .isEqualTo(403);
        assertThat(tenant.patch("/v1/accounts/" + account, "{'plan':'enterprise'}")
                        .status())
                .isEqualTo(403);
        assertThat(tenant.patch("/v1/accounts/" + account, "{'name':'Renamed'}").status())
                .isEqualTo(200);
    }

    private Http.Answer add(String body) {
        return http.post("/v1/accounts/%s/assets".formatted(account), body);
    }

    private int rows(String table) {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler." + table)
                .query(Integer.class)
                .single();
    }
}
