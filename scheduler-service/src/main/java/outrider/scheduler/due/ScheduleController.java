package outrider.scheduler.due;

import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import outrider.scheduler.Audit;
import outrider.web.ProblemException;

/// The operator's door to the schedule.
@RestController
final class ScheduleController {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    private final ScheduleStatus status;
    private final Pace pace;
    private final Plans plans;
    private final PlanPreview preview;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final Clock clock;

    ScheduleController(
            ScheduleStatus status,
            Pace pace,
            Plans plans,
            PlanPreview preview,
            Audit audit,
            TransactionTemplate transactions,
            Clock clock) {
        this.status = status;
        this.pace = pace;
        this.plans = plans;
        this.preview = preview;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// @param interval an ISO 8601 duration: `P3D`, `PT12H`
    record Cadence(String interval) {}

    @GetMapping("/admin/schedule")
    ScheduleStatus.Status schedule() {
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

    /// Counts the population and computes the rate now, and not only in a few minutes.
    @PostMapping("/admin/schedule:recompute")
    ScheduleStatus.Status recompute() {
        pace.recount(clock.instant());
        return status.at(clock.instant());
    }

    /// Changes how often the assets of a plan are scanned. None is due later than it was, and nothing comes in a
    /// burst.
    @PatchMapping("/admin/plans/{plan}")
    ScheduleStatus.PlanStatus change(@PathVariable String plan, @RequestBody Cadence cadence) {
        var every = interval(cadence);
        transactions.executeWithoutResult(_ -> {
            var before = plans.change(plan, every, clock.instant()).orElseThrow(() -> noPlan(plan));
            audit.ordered(
                    "plan.change",
                    "plan/" + plan,
                    Map.of("interval", ScheduleStatus.iso(before)),
                    Map.of("interval", ScheduleStatus.iso(every)));
        });
        pace.recount(clock.instant());
        return status.plans().stream()
                .filter(one -> one.plan().equals(plan))
                .findFirst()
                .orElseThrow(() -> noPlan(plan));
    }

    /// What that would cost. Changes nothing.
    @PostMapping("/admin/plans/{plan}:preview")
    PlanPreview.Preview preview(@PathVariable String plan, @RequestBody Cadence cadence) {
        var answer = preview.of(plan, interval(cadence));
        if (answer == null) {
            throw noPlan(plan);
        }
        return answer;
    }

    private static Duration interval(Cadence cadence) {
        try {
            var every = Duration.parse(cadence.interval());
            if (every.compareTo(SHORTEST) >= 0 && every.compareTo(LONGEST) <= 0 && every.getNano() == 0) {
                return every;
            }
        } catch (DateTimeParseException e) {
            // The same answer as for one out of bounds.
        }
        throw ProblemException.invalid(
                "interval", "must be a duration of whole seconds from PT1M to P366D, such as P3D or PT12H");
    }

    private ProblemException noPlan(String plan) {
        return ProblemException.of(
                HttpStatus.NOT_FOUND,
                "not-found",
                "There is no plan of that name; there are %s."
                        .formatted(status.plans().stream()
                                .map(ScheduleStatus.PlanStatus::plan)
                                .collect(Collectors.joining(", "))));
    }

    private ScheduleStatus.Status pause(boolean paused) {
        transactions.executeWithoutResult(_ -> {
            audit.ordered(
                    "schedule." + (paused ? "pause" : "resume"),
                    "schedule",
                    Map.of("paused", status.paused()),
                    Map.of("paused", paused));
            pace.pause(paused);
        });
        return status.at(clock.instant());
    }
}
