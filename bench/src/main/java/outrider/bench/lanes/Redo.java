package outrider.bench.lanes;

import static outrider.bench.lanes.EventLog.Kind.COMMITTED;
import static outrider.bench.lanes.EventLog.Kind.ENDED;
import static outrider.bench.lanes.EventLog.Kind.POLLED;
import static outrider.bench.lanes.EventLog.Kind.STARTED;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a crash cost.
///
/// @param unsettled polled before the crash and not done
/// @param open how many of those had started
/// @param sinceCommit done, but after the last acknowledged commit was put together
/// @param redone how many runs were of jobs that had started before
/// @param lost how many jobs neither life has done
record Redo(int unsettled, int open, int sinceCommit, int redone, int lost) {

    /// @param before the log of the process that was killed
    /// @param after the log of the one that took over
    static Redo of(List<EventLog.Event> before, List<EventLog.Event> after, int jobs) {
        var started = numbers(before, STARTED);
        var done = numbers(before, ENDED);
        var unsettled = without(numbers(before, POLLED), done);
        var open = without(started, done);
        int runs = (int) after.stream().filter(event -> event.kind() == STARTED).count();
        int firstRuns = without(numbers(after, STARTED), started).size();
        int doneLater = without(numbers(after, ENDED), done).size();
        return new Redo(
                unsettled.size(),
                open.size(),
                endedSinceCommit(before),
                runs - firstRuns,
                jobs - done.size() - doneLater);
    }

    /// What the design promises not to exceed.
    int bound() {
        return unsettled + sinceCommit;
    }

    private static int endedSinceCommit(List<EventLog.Event> events) {
        int committed = events.stream()
                .filter(event -> event.kind() == COMMITTED)
                .reduce(new EventLog.Event(COMMITTED, 0), (earlier, later) -> later)
                .number();
        return (int) events.subList(committed, events.size()).stream()
                .filter(event -> event.kind() == ENDED)
                .count();
    }

    private static Set<Integer> without(Set<Integer> numbers, Set<Integer> others) {
        var rest = new HashSet<>(numbers);
        rest.removeAll(others);
        return rest;
    }

    private static Set<Integer> numbers(List<EventLog.Event> events, EventLog.Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(EventLog.Event::number)
                .collect(Collectors.toSet());
    }
}
