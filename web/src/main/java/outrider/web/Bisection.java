package outrider.web;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Stores what came together, and singles out what can never be stored, so that it holds none of the others up.
///
/// The whole is tried first. Where that fails for good, each half is, until the one is found that fails alone.
/// What fails because the database is away, busy or out of room is no fault of the items: it ends the attempt.
public final class Bisection {

    private Bisection() {}

    /// An item that can never be stored, and why.
    public record Refused<T>(T item, RuntimeException why) {}

    /// Stores the items in their order, and answers those that can never be stored.
    ///
    /// @param store stores all of them or, by an exception, none
    /// @throws RuntimeException what the store threw, where the same may go well later; items before may be
    /// stored by then
    public static <T> List<Refused<T>> store(List<T> items, Consumer<List<T>> store) {
        var refused = new ArrayList<Refused<T>>();
        store(items, store, refused);
        return refused;
    }

    private static <T> void store(List<T> items, Consumer<List<T>> store, List<Refused<T>> refused) {
        try {
            store.accept(items);
        } catch (RuntimeException e) {
            if (!isPermanent(e)) {
                throw e;
            }
            if (items.size() == 1) {
                refused.add(new Refused<>(items.getFirst(), e));
                return;
            }
            var half = items.size() / 2;
            store(items.subList(0, half), store, refused);
            store(items.subList(half, items.size()), store, refused);
        }
    }

    /// Whether the same would fail again: a value that the database refuses (SQLSTATE classes 22 and 23), or a
    /// mistake of ours that the JDK found.
    static boolean isPermanent(RuntimeException failure) {
        var sql = Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .toList();
        return sql.isEmpty()
                ? failure.getClass().getName().startsWith("java.")
                : sql.stream().map(SQLException::getSQLState).anyMatch(Bisection::isOfTheValue);
    }

    private static boolean isOfTheValue(@Nullable String state) {
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }
}
