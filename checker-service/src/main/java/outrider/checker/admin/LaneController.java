package outrider.checker.admin;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import outrider.checker.scan.Lanes;
import outrider.lanes.LaneLoop;
import outrider.lanes.LaneSnapshot;
import outrider.scan.Lane;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.ProblemException;

/// `/admin/lanes`: sees and steers the lanes. An order holds for the whole fleet; numbers are those of the
/// replica that answers, which is named.
@RestController
@RequestMapping("/admin/lanes")
final class LaneController {
    private static final int MOST_PERMITS = 10_000;

    private final Lanes lanes;
    private final LaneControl control;
    private final Audit audit;
    private final String replica;
    private final Clock clock;

    LaneController(Lanes lanes, LaneControl control, Audit audit, Replica replica, Clock clock) {
        this.lanes = lanes;
        this.control = control;
        this.audit = audit;
        this.replica = replica.name();
        this.clock = clock;
    }

    /// What to change of a lane; what is not given stays.
    record Change(LaneOrder.@Nullable State state, @Nullable Integer permits) {}

    /// The jobs in flight on one replica, the oldest first.
    record Jobs(String replica, List<LaneSnapshot.InFlightJob> items) {}

    @GetMapping
    Page<LaneView> list() {
        return new Page<>(Arrays.stream(Lane.values()).map(this::view).toList(), null);
    }

    @GetMapping("/{lane}")
    LaneView get(@PathVariable String lane) {
        return view(known(lane));
    }

    @GetMapping("/{lane}/jobs")
    Jobs jobs(@PathVariable String lane) {
        return new Jobs(replica, lanes.find(known(lane)).map(LaneLoop::jobs).orElseGet(List::of));
    }

    @PatchMapping("/{lane}")
    LaneView change(@PathVariable String lane, @RequestBody Change change) throws InterruptedException {
        var known = known(lane);
        if (change.state() == null && change.permits() == null) {
            throw ProblemException.invalid("state", "give state (running, paused, draining), permits, or both");
        }
        var permits = change.permits();
        if (permits != null && (permits < 1 || permits > MOST_PERMITS)) {
            throw ProblemException.invalid("permits", "must be 1 to %d".formatted(MOST_PERMITS));
        }
        var before = control.order(known);
        var order = changed(before, change);
        audit.ordered(
                "lane.change",
                "lane/" + known.id(),
                before.map(LaneOrder::summary).orElse(null),
                order.summary());
        try {
            control.give(known, order, fields(change));
        } catch (TimeoutException e) {
            throw ProblemException.unavailable(
                    Duration.ofSeconds(5),
                    "Kafka has not taken the order yet. It may still take effect: look at the lane before you repeat it.");
        }
        return view(known);
    }

    private static Set<LaneOrder.Field> fields(Change change) {
        var fields = EnumSet.noneOf(LaneOrder.Field.class);
        if (change.state() != null) {
            fields.add(LaneOrder.Field.STATE);
        }
        if (change.permits() != null) {
            fields.add(LaneOrder.Field.PERMITS);
        }
        return fields;
    }

    private LaneOrder changed(Optional<LaneOrder> before, Change change) {
        var state = change.state();
        if (state == null) {
            state = before.map(LaneOrder::state).orElse(LaneOrder.State.RUNNING);
        }
        var permits = change.permits();
        if (permits == null && before.isPresent()) {
            permits = before.get().permits();
        }
        return new LaneOrder(state, permits, Caller.current().subject(), clock.instant());
    }

    private LaneView view(Lane lane) {
        return LaneView.of(
                lane, control.order(lane).orElse(null), lanes.find(lane).orElse(null), replica);
    }

    private static Lane known(String lane) {
        return Arrays.stream(Lane.values())
                .filter(known -> known.id().equals(lane))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("lane"));
    }
}
