package outrider.bench.write;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.Scope;

/// Scopes whose first report an arm has written, to report on in turn: no call meets the pages of the one before.
final class Scopes {
    private final Deque<Batch> last = new ArrayDeque<>();

    Scopes(Arm arm, int count, int rows) throws SQLException {
        for (int number = 0; number < count; number++) {
            var first = new Batch(Scope.fresh(), 1, rows, 0);
            arm.write(List.of(first));
            last.add(first);
        }
    }

    /// The next reports of the scopes whose turn it is.
    List<Batch> next(int reports) {
        var next = new ArrayList<Batch>();
        for (int number = 0; number < reports; number++) {
            var report = last.removeFirst().again();
            last.addLast(report);
            next.add(report);
        }
        return next;
    }

    /// First reports of scopes that nobody has reported on.
    static List<Batch> fresh(int reports, int rows) {
        var fresh = new ArrayList<Batch>();
        for (int number = 0; number < reports; number++) {
            fresh.add(new Batch(Scope.fresh(), 1, rows, 0));
        }
        return fresh;
    }
}
