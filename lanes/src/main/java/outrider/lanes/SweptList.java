package outrider.lanes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Members in the order they came, which may leave in any order: who leaves only says so, waits for no lock, and is
/// swept out later. It never holds many more than are still here.
final class SweptList<T extends SweptList.Member> {
    private static final int SLACK = 64;

    /// Guarded by this.
    private final Deque<T> members = new ArrayDeque<>();

    private final AtomicLong left = new AtomicLong();
    private volatile long came;

    interface Member {
        boolean hasLeft();
    }

    synchronized void add(T member) {
        if (members.size() > 2 * size() + SLACK) {
            members.removeIf(Member::hasLeft);
        }
        members.add(member);
        came++;
    }

    /// Counts a member that has just left; to be called once for each.
    void left() {
        left.incrementAndGet();
    }

    int size() {
        return (int) (came - left.get());
    }

    /// How many came and left so far.
    long changes() {
        return came + left.get();
    }

    /// The one that has been here longest.
    synchronized Optional<T> first() {
        while (!members.isEmpty() && members.element().hasLeft()) {
            members.remove();
        }
        return Optional.ofNullable(members.peek());
    }

    /// Those that are here; somebody may leave meanwhile.
    synchronized List<T> present() {
        members.removeIf(Member::hasLeft);
        return List.copyOf(members);
    }
}
