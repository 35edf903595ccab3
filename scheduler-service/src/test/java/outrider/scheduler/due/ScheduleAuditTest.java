package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import outrider.embedded.UnwritableTopic;
import outrider.scan.AuditRecord;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;

class ScheduleAuditTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();

    @Test
    void a_pause_and_its_end_are_noted() {
        http.post("/admin/schedule:pause", "");
        http.post("/admin/schedule:resume", "");

        var last = records("schedule");
        var resumed = last.getLast();
        assertThat(last.get(last.size() - 2).action()).isEqualTo("schedule.pause");
        assertThat(resumed.action()).isEqualTo("schedule.resume");
        assertThat(resumed.before()).isEqualTo(Map.of("paused", true));
        assertThat(resumed.after()).isEqualTo(Map.of("paused", false));
        assertThat(resumed.actor()).isEqualTo("tester");
        assertThat(resumed.service()).isEqualTo("scheduler-service");
    }

    @Test
    void a_change_of_a_plan_is_noted_with_what_was_before_and_a_preview_is_not() {
        http.post("/admin/plans/pro:preview", "{'interval':'PT1H'}");
        http.patch("/admin/plans/pro", "{'interval':'P1D'}");

        var records = records("plan/pro");
        assertThat(records.getLast().action()).isEqualTo("plan.change");
        assertThat(records.getLast().before()).isEqualTo(Map.of("interval", "P3D"));
        assertThat(records.getLast().after()).isEqualTo(Map.of("interval", "P1D"));
        assertThat(records).noneMatch(record -> String.valueOf(record.after()).contains("PT1H"));
    }

    @Test
    void nothing_is_ordered_that_cannot_be_noted() throws Exception {
        try (var _ = new UnwritableTopic(Topics.AUDIT)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> http.post("/admin/schedule:resume", "").status() == 503);

            assertThat(http.post("/admin/schedule:pause", "").status()).isEqualTo(503);
            assertThat(http.patch("/admin/plans/pro", "{'interval':'P1D'}").text("detail"))
                    .contains("audit");
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> http.post("/admin/schedule:resume", "").status() == 200);

        var status = http.get("/admin/schedule").body();
        assertThat(status.get("paused").asBoolean()).isFalse();
        assertThat(status.get("plans"))
                .filteredOn(plan -> plan.get("plan").asString().equals("pro"))
                .extracting(plan -> plan.get("interval").asString())
                .containsExactly("P3D");
    }

    private static List<AuditRecord> records(String target) {
        return Topic.read(Topics.AUDIT).stream()
                .filter(record -> target.equals(record.key()))
                .map(record -> Wire.read(record.value(), AuditRecord.class))
                .toList();
    }
}
