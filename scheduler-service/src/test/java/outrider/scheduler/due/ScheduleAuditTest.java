package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import outrider.scan.AuditRecord;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;

class ScheduleAuditTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();

    @Test
    void a_pause_and_its_end_are_noted_with_who_ordered_them() {
        http.post("/admin/schedule:pause", "");
        http.post("/admin/schedule:resume", "");

        assertThat(scheduler.audited("schedule"))
                .extracting(AuditRecord::action)
                .containsExactly("schedule.pause", "schedule.resume");
        assertThat(scheduler.audited("schedule")).extracting(AuditRecord::actor).containsOnly("tester");
        assertThat(scheduler.audited("schedule"))
                .extracting(AuditRecord::before)
                .containsExactly(Map.of("paused", false), Map.of("paused", true));
    }

    @Test
    void a_change_of_a_plan_is_noted_with_what_was_before_and_a_preview_is_not() {
        http.post("/admin/plans/pro:preview", "{'interval':'PT1H'}");
        http.patch("/admin/plans/pro", "{'interval':'P1D'}");

        var record = scheduler.audited("plan/pro").getLast();
        assertThat(scheduler.audited("plan/pro")).hasSize(1);
        assertThat(record.action()).isEqualTo("plan.change");
        assertThat(record.before()).isEqualTo(Map.of("interval", "P3D"));
        assertThat(record.after()).isEqualTo(Map.of("interval", "P1D"));
    }
}
