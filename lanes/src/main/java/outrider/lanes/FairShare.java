package outrider.lanes;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/// Whose job starts next, where jobs take turns by an owner that a header names: of those looked ahead in a
/// partition, the first of the owner with the fewest under way. No owner has more than three quarters of the
/// permits, so that however many jobs it brings and however long they take, another's finds one free.
///
/// Guarded by its user.
final class FairShare {
    private final String header;
    private final Map<JobRun<?>, String> owners = new IdentityHashMap<>();
    private final Map<String, Integer> underWay = new HashMap<>();

    FairShare(String header) {
        this.header = header;
    }

    /// Empty when none of them may start now.
    ///
    /// @param now in milliseconds since 1970
    /// @param permits of the lane
    Optional<Polled> next(Collection<Polled> buffered, long now, int permits) {
        int most = Math.max(1, permits - permits / 4);
        return buffered.stream()
                .filter(polled -> polled.notBefore() <= now && underWay(polled) < most)
                .min(Comparator.comparingInt(this::underWay));
    }

    void started(JobRun<?> run, Polled polled) {
        var owner = owner(polled);
        owners.put(run, owner);
        underWay.merge(owner, 1, Integer::sum);
    }

    void ended(JobRun<?> run) {
        var owner = owners.remove(run);
        if (owner != null) {
            underWay.computeIfPresent(owner, (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    private int underWay(Polled polled) {
        return underWay.getOrDefault(owner(polled), 0);
    }

    private String owner(Polled polled) {
        return LaneHeaders.text(polled.record(), header).orElse("");
    }
}
