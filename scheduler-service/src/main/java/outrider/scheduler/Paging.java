package outrider.scheduler;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// Pages of lists that are ordered by id.
public final class Paging {

    private Paging() {}

    /// The id behind which a page begins; null: it is the first.
    public static @Nullable UUID after(@Nullable String pageToken) {
        if (pageToken == null) {
            return null;
        }
        try {
            return UUID.fromString(PageToken.decode(pageToken, 1).getFirst());
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed("page_token", "not a token of this list; leave it out to start over");
        }
    }

    /// @param found one more than fits on the page, where there is more
    public static <T, V> Page<V> page(List<T> found, int size, Function<T, UUID> id, Function<T, V> view) {
        var items = found.stream().limit(size).toList();
        var more = found.size() > size;
        return new Page<>(items.stream().map(view).toList(), more ? PageToken.encode(id.apply(items.getLast())) : null);
    }
}
