package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import outrider.scan.AuditRecord;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;

class ScheduleAuditTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();

    @Test
    void a_pause_and_its_end_are_noted_with_who_ordered_them() {
        http.post("/admin/schedule:pause", "");
        http.post("/admin/schedule:resume", "");

        assertThat(records("schedule"))
                .extracting(AuditRecord::action)
                .containsExactly("schedule.pause", "schedule.resume");
        assertThat(records("schedule")).extracting(AuditRecord::actor).containsOnly("tester");
        assertThat(records("schedule"))
                .extracting(AuditRecord::before)
                .containsExactly(Map.of("paused", false), Map.of("paused", true));
    }

    @Test
    void a_change_of_a_plan_is_noted_with_what_was_before_and_a_preview_is_not() {
        http.post("/admin/plans/pro:preview", "{'interval':'PT1H'}");
        http.patch("/admin/plans/pro", "{'interval':'P1D'}");

        var record = records("plan/pro").getLast();
        assertThat(records("plan/pro")).hasSize(1);
        assertThat(record.action()).isEqualTo("plan.change");
        assertThat(record.before()).isEqualTo(Map.of("interval", "P3D"));
        assertThat(record.after()).isEqualTo(Map.of("interval", "P1D"));
    }

    private List<AuditRecord> records(String target) {
        return scheduler
                .jdbc()
                .sql("select value from scheduler.inventory_outbox where topic = :topic and key = :key order by id")
                .param("topic", Topics.AUDIT)
                .param("key", target)
                .query(String.class)
                .list()
                .stream()
                .map(value -> Wire.read(value.getBytes(StandardCharsets.UTF_8), AuditRecord.class))
                .toList();
    }
}
