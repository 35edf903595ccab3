package outrider.scheduler.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;

/// `GET /v1/accounts/{id}/assets`.
class AssetListTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();
    private UUID account;

    @BeforeEach
    void start() {
        account = http.post("/v1/accounts", "{'name':' Example Ltd ','plan':'free'}")
                .id();
    }

    @Test
    void pages_through_assets() {
        for (var i = 0; i < 5; i++) {
            add("{'kind':'zone','name':'a%d.example'}".formatted(i));
        }
        var names = new ArrayList<String>();
        var token = "";
        do {
            var page = http.get("/v1/accounts/%s/assets?limit=2%s".formatted(account, token))
                    .body();
            page.get("items").forEach(asset -> names.add(asset.get("name").asString()));
            token = page.has("next_page_token")
                    ? "&page_token=" + page.get("next_page_token").asString()
                    : "";
        } while (!token.isEmpty());

        assertThat(names)
                .containsExactlyInAnyOrder("a0.example", "a1.example", "a2.example", "a3.example", "a4.example");
    }

    @ParameterizedTest
    @CsvSource({
        "kind=zone, a.example b.example",
        "kind=HOST, a.example ab.example",
        "name=A, a.example a.example ab.example",
        "name=a.&kind=host, a.example",
        "name=%25, ''",
        "name=a_, ''",
    })
    void lists_the_assets_of_a_kind_or_whose_names_begin_so_page_by_page(String filter, String expected) {
        add("{'kind':'zone','name':'a.example'}");
        add("{'kind':'zone','name':'b.example'}");
        add("{'kind':'host','name':'a.example'}");
        add("{'kind':'host','name':'ab.example'}");

        var names = new ArrayList<String>();
        var path = "/v1/accounts/%s/assets?limit=1&%s".formatted(account, filter);
        var page = http.get(path).body();
        page.get("items").forEach(item -> names.add(item.get("name").asString()));
        while (page.has("next_page_token")) {
            page = http.get(path + "&page_token=" + page.get("next_page_token").asString())
                    .body();
            page.get("items").forEach(item -> names.add(item.get("name").asString()));
        }

        assertThat(names.stream().sorted().collect(Collectors.joining(" "))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"kind=planet, kind: must be one of", "name=a%00, name: must not have control characters"})
    void refuses_to_list_by_what_makes_no_sense(String filter, String complaint) {
        var answer = http.get("/v1/accounts/" + account + "/assets?" + filter);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("detail")).contains(complaint);
    }

    private Http.Answer add(String body) {
        return http.post("/v1/accounts/%s/assets".formatted(account), body);
    }
}
