package outrider.insights.overview;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import outrider.insights.database.DatabaseFigures;
import outrider.insights.ingest.IngestStatus;

/// The state of the fleet. What could not be told is left out, and `trouble` says of whom and why.
///
/// @param ingest of the replica of the insights API that answers, as `database`
record Overview(
        Instant at,
        @Nullable Schedule schedule,
        List<Lane> lanes,
        @Nullable Ingest ingest,
        Answers.@Nullable DeadLetters deadLetters,
        DatabaseFigures.Status database,
        List<Trouble> trouble) {

    /// @param perSecond scans a second that may start, and because of which term
    /// @param due scopes that are due and not claimed, the oldest since `oldest_due`
    /// @param late scopes of all plans that are late
    record Schedule(
            boolean paused,
            double perSecond,
            String because,
            long due,
            @Nullable Instant oldestDue,
            long late,
            List<Answers.Plan> plans) {

        static Schedule of(Answers.Schedule schedule) {
            return new Schedule(
                    schedule.paused(),
                    schedule.rate().perSecond(),
                    schedule.rate().because(),
                    schedule.due().scopes(),
                    schedule.due().oldest(),
                    schedule.plans().stream().mapToLong(Answers.Plan::late).sum(),
                    schedule.plans());
        }
    }

    /// A lane on all replicas that answered and run it.
    ///
    /// @param permits of all of them together, as the other figures but the age
    /// @param backlog jobs that are not settled
    /// @param oldestAge seconds that the oldest of them has been here
    /// @param holds why nothing starts although the lane is running, by cause
    record Lane(
            String lane,
            String state,
            List<String> replicas,
            int permits,
            int inFlight,
            long backlog,
            double oldestAge,
            double settledPerSecond,
            Map<String, String> holds) {

        /// The lanes that checkers told of, in the order of the first answer.
        static List<Lane> of(List<Answers.Lanes> answers) {
            return answers.stream()
                    .flatMap(answer -> answer.items().stream())
                    .collect(Collectors.groupingBy(Answers.Lane::lane, LinkedHashMap::new, Collectors.toList()))
                    .values()
                    .stream()
                    .map(Lane::together)
                    .toList();
        }

        private static Lane together(List<Answers.Lane> everywhere) {
            var running =
                    everywhere.stream().filter(lane -> lane.here() != null).toList();
            var heres = running.stream()
                    .map(Answers.Lane::here)
                    .filter(Objects::nonNull)
                    .toList();
            var holds = new HashMap<String, String>();
            heres.forEach(here -> holds.putAll(here.holds()));
            return new Lane(
                    everywhere.getFirst().lane(),
                    everywhere.getFirst().state(),
                    running.stream().map(Answers.Lane::replica).sorted().toList(),
                    running.stream()
                            .map(Answers.Lane::permits)
                            .filter(Objects::nonNull)
                            .mapToInt(Integer::intValue)
                            .sum(),
                    heres.stream().mapToInt(Answers.Lane.Here::inFlight).sum(),
                    heres.stream().mapToLong(Answers.Lane.Here::backlog).sum(),
                    heres.stream()
                            .map(Answers.Lane.Here::oldest)
                            .max(Comparator.naturalOrder())
                            .orElse(0.0),
                    heres.stream()
                            .mapToDouble(Answers.Lane.Here::settledPerSecond)
                            .sum(),
                    holds);
        }
    }

    /// @param thresholdRows from how many rows on a report goes by COPY
    /// @param refused requests with reports that found no free connection since the start
    /// @param meanMs how long a write took since the start, and `max_ms` the longest of the last minutes
    record Ingest(int thresholdRows, long refused, long writes, double meanMs, double maxMs, long withheldScopes) {

        static Ingest of(IngestStatus status, DatabaseFigures.Status database) {
            return new Ingest(
                    status.threshold().rows(),
                    database.refused().getOrDefault("reports", 0L),
                    status.writes().count(),
                    status.writes().meanMs(),
                    status.writes().maxMs(),
                    status.withheldScopes());
        }
    }

    /// A question without an answer.
    record Trouble(String service, String asked, String error) {}
}
