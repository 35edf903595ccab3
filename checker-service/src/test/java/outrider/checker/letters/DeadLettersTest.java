package outrider.checker.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.util.ArrayList;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.checker.scan.CheckerFixture;
import outrider.scan.Lane;
import outrider.web.Scopes;

/// Dead letters are listed and counted, and to whom they are shown.
class DeadLettersTest extends DeadLettersByRest {

    @Test
    void a_poison_pill_is_listed_with_its_bytes_escaped() throws Exception {
        var bytes = "{\"scan_id\": \u001b[2J\u202e".getBytes(UTF_8);
        fixture.publish(Lane.FAST, key, bytes);
        await().atMost(SOON).until(() -> fixture.letters(key).size() == 1);

        var letter = list("reason=NO+SCAN+JOB").at("/items/0");

        assertThat(letter.at("/raw/text").asString()).isEqualTo("{\"scan_id\": \\u{1b}[2J\\u{202e}");
        assertThat(Base64.getDecoder().decode(letter.at("/raw/base64").asString()))
                .isEqualTo(bytes);
        assertThat(letter.at("/lane").asString()).isEqualTo("fast");
        assertThat(letter.at("/origin/topic").asString()).isEqualTo("scan-jobs.fast");
        assertThat(letter.has("job")).isFalse();
    }

    @Test
    void they_are_counted_apart_from_those_that_were_replayed() throws Exception {
        var before = count();
        letter(job);
        letter(fixture.job("example.net"));
        var id = list("asset_id=" + key).at("/items/0/id").asString();

        replay("{\"ids\": [\"%s\"]}".formatted(id));

        var after = count();
        assertThat(after.at("/kept").asLong() - before.at("/kept").asLong()).isEqualTo(2);
        assertThat(after.at("/waiting").asLong() - before.at("/waiting").asLong())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "lane=slow, 1",
        "lane=fast, 0",
        "checker=dns, 1",
        "checker=tls, 0",
        "reason=A+Test, 1",
        "reason=nonsense, 0",
        "since=2026-06-01T00:00:00Z, 1",
        "since=2026-06-01T00:00:01Z, 0",
        "until=2026-06-01T00:00:01Z, 1",
        "until=2026-06-01T00:00:00Z, 0",
        "since=+1000000000-01-01T00:00:00Z, 0",
    })
    void filters_narrow_the_list(String filter, int found) throws Exception {
        letter(job);

        var query = filter.replace("=+", "=%2B") + "&account_id=" + job.accountId();

        assertThat(list(query).at("/items")).hasSize(found);
    }

    @Test
    void pages_lead_from_the_newest_to_the_oldest() throws Exception {
        for (int i = 0; i < 5; i++) {
            letter(job);
        }
        var offsets = new ArrayList<String>();
        var page = list("limit=2&asset_id=" + key);
        while (true) {
            page.at("/items").forEach(item -> offsets.add(item.at("/id").asString()));
            if (offsets.size() == 5) {
                break;
            }
            assertThat(page.at("/items")).hasSize(2);
            letter(job); // what comes later is not in the way
            page = list("limit=2&asset_id=" + key + "&page_token="
                    + page.at("/next_page_token").asString());
        }

        assertThat(offsets).doesNotHaveDuplicates();
        assertThat(offsets).isSortedAccordingTo((one, other) -> Long.compare(offset(other), offset(one)));
    }

    @Test
    void a_request_reads_no_more_than_it_may_and_says_so() throws Exception {
        for (int i = 0; i < 5; i++) {
            letter(fixture.job("other.example.org"));
        }
        try (var bounded = fixture.start("--outrider.checker.lanes=fast", "--outrider.dead-letters.most-examined=3")) {
            var path = "/admin/dead-letters?asset_id=" + UUID.randomUUID();
            var page = JSON.readTree(
                    CheckerFixture.call(fixture, bounded, "GET", path, "").body());

            assertThat(page.at("/items")).isEmpty();
            assertThat(page.at("/examined").asInt()).isEqualTo(3);
            assertThat(page.at("/cut_short").asBoolean()).isTrue();
            assertThat(page.at("/next_page_token").asString()).isNotEmpty();
        }
    }

    @Test
    void a_token_of_one_account_sees_and_replays_none() throws Exception {
        var token = fixture.token(Scopes.OPERATOR, job.accountId());

        assertThat(CheckerFixture.call(replica, token, "GET", "/admin/dead-letters", "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(CheckerFixture.call(replica, token, "POST", REPLAY, "{\"all\": true}")
                        .statusCode())
                .isEqualTo(403);
    }

    private static long offset(String id) {
        return LetterId.parse(id).orElseThrow().offset();
    }
}
