package outrider.scheduler.due;

import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import outrider.web.Caller;
import outrider.web.ProblemException;

/// The operator's door to the schedule.
@RestController
final class ScheduleController {

    private final ScheduleStatus status;
    private final Pace pace;
    private final Clock clock;

    ScheduleController(ScheduleStatus status, Pace pace, Clock clock) {
        this.status = status;
        this.pace = pace;
        this.clock = clock;
    }

    @GetMapping("/admin/schedule")
    ScheduleStatus.Status schedule() {
        onlyForOperators();
        return status.at(clock.instant());
    }

    /// Stops the dispatch of what is due. Scans on demand still go, and so do scans that are open already.
    @PostMapping("/admin/schedule:pause")
    ScheduleStatus.Status pause() {
        return pause(true);
    }

    @PostMapping("/admin/schedule:resume")
    ScheduleStatus.Status resume() {
        return pause(false);
    }

    private ScheduleStatus.Status pause(boolean paused) {
        onlyForOperators();
        pace.pause(paused);
        return status.at(clock.instant());
    }

    private static void onlyForOperators() {
        if (Caller.current().account() != null) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "forbidden",
                    "A token of one account may not see or steer the whole schedule.");
        }
    }
}
