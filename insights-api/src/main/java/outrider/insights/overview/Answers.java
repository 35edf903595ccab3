package outrider.insights.overview;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the overview reads of the other services' answers; whatever else is in them is left alone.
final class Answers {

    private Answers() {}

    /// `GET /admin/schedule` of the scheduler.
    record Schedule(boolean paused, Rate rate, Due due, List<Plan> plans) {

        record Rate(double perSecond, String because) {}

        record Due(long scopes, @Nullable Instant oldest) {}
    }

    /// How fresh one plan is. Scopes without a completed scan so far are `never_scanned`; the other figures leave
    /// them out.
    ///
    /// @param late scopes whose last completed scan is older than the interval and a tenth of it
    /// @param freshness the share of scopes that are not late, which is to be `objective`
    /// @param ageP99 how old the last completed scan is in 99 of 100 scopes at most
    record Plan(
            String plan,
            String interval,
            long population,
            long neverScanned,
            long late,
            double freshness,
            double objective,
            @Nullable Duration ageP99) {}

    /// `GET /admin/lanes` of one checker.
    record Lanes(List<Lane> items) {}

    /// @param here null when that replica does not run the lane
    record Lane(
            String lane,
            String state,
            @Nullable Integer permits,
            String replica,
            @Nullable Here here) {

        record Here(int inFlight, long backlog, double oldest, double settledPerSecond, Map<String, String> holds) {}
    }

    /// `GET /admin/dead-letters:count` of any checker.
    ///
    /// @param waiting those that nobody has replayed
    record DeadLetters(long kept, long waiting) {}
}
