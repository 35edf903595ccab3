package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.due.DueScopes;
import outrider.web.Scopes;
import tools.jackson.databind.JsonNode;

class StandingsTest extends OneDueAsset {

    @Test
    void says_when_it_is_due() {
        var later = scheduler.asset(account, "later.example", now.plusSeconds(3_600));

        assertStanding(later, "waiting", "It is not due before " + now.plusSeconds(3_600));
    }

    @Test
    void says_how_many_are_before_it_and_how_long_that_takes() {
        scheduler.assets(account, 100, now.minusSeconds(60));

        assertStanding(
                "due",
                "%d scopes have been due for longer; at 1.0 scans a second its turn comes in about"
                        .formatted(100 * TestScheduler.checkers()));
    }

    @Test
    void says_that_the_schedule_is_paused() {
        http.post("/admin/schedule:pause", "");

        assertStanding("due", "The schedule is paused");
    }

    @Test
    void says_that_kafka_does_not_have_it() {
        scheduler.bean(DueScopes.class).claim(100, now, Duration.ofSeconds(30));

        assertStanding("queued", "Kafka is not known to have it yet");
    }

    @Test
    void says_where_it_waits_and_since_when() {
        scheduler.bean(ScanTicker.class).tick();

        var standing = assertStanding("queued", "It has been in lane fast since " + now);
        assertThat(standing.at("/open/place/topic").asString()).isEqualTo("scan-jobs.fast");
        assertThat(standing.at("/open/scan_id").asString()).isNotEmpty();
    }

    @Test
    void says_that_the_catalogue_has_dropped_its_checker() {
        scheduler.jdbc().sql("update scheduler.scope set next_due = 'infinity'").update();

        assertStanding("retired", "no such checker any more");
    }

    @Test
    void is_nothing_for_a_token_of_another_account() {
        assertThat(http.as(Scopes.OPERATOR, scheduler.account("free"))
                        .get("/v1/assets/%s/scans".formatted(asset))
                        .status())
                .isEqualTo(404);
    }

    private JsonNode assertStanding(String state, String why) {
        return assertStanding(asset, state, why);
    }

    private JsonNode assertStanding(UUID of, String state, String why) {
        var standings = http.get("/v1/assets/%s/scans".formatted(of)).body().get("items");
        assertThat(standings).hasSize(TestScheduler.checkers());
        var alpha = standings.get(0);
        assertThat(alpha.get("checker").asString()).isEqualTo("alpha");
        assertThat(alpha.get("state").asString()).isEqualTo(state);
        assertThat(alpha.get("why").asString()).contains(why);
        return alpha;
    }
}
