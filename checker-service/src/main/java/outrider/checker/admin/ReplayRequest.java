package outrider.checker.admin;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import outrider.web.ProblemException;

/// Which dead letters to replay: exactly one of `ids`, `filter` and `all`.
///
/// @param dryRun only tell what would be replayed
/// @param again also those that were replayed before
/// @param pageToken with `filter` and `all`: go on where an earlier answer ended
record ReplayRequest(
        @Nullable List<@Nullable String> ids,
        @Nullable DeadLetterFilter filter,
        @Nullable Boolean all,
        @Nullable Boolean dryRun,
        @Nullable Boolean again,
        @Nullable String pageToken) {

    private static final int MOST_IDS = 500;

    /// Ends the request with a problem when it makes no sense.
    void check() {
        if (Stream.of(ids != null, filter != null, isAll())
                        .filter(given -> given)
                        .count()
                != 1) {
            throw ProblemException.malformed(
                    ids != null ? "ids" : filter != null ? "filter" : "all",
                    "give exactly one of ids (some), filter (those that match) and all: true (every one)");
        }
        if (filter != null && filter.isEmpty()) {
            throw ProblemException.malformed("filter", "names nothing; to replay every dead letter, give all: true");
        }
        if (ids != null && (ids.isEmpty() || ids.size() > MOST_IDS)) {
            throw ProblemException.malformed("ids", "must name 1 to %d dead letters".formatted(MOST_IDS));
        }
        if (ids != null && pageToken != null) {
            throw ProblemException.malformed("page_token", "does not go with ids");
        }
        named();
    }

    /// The letters named one by one, each once; none: it names them otherwise.
    List<LetterId> named() {
        var named = new LinkedHashSet<LetterId>();
        for (var id : ids == null ? List.<String>of() : ids) {
            named.add(LetterId.parse(String.valueOf(id))
                    .orElseThrow(() -> ProblemException.malformed(
                            "ids", "must be as GET /admin/dead-letters shows them: partition-offset, such as 2-17")));
        }
        return List.copyOf(named);
    }

    DeadLetterFilter matching() {
        return filter == null ? DeadLetterFilter.ALL : filter;
    }

    boolean isDryRun() {
        return Boolean.TRUE.equals(dryRun);
    }

    boolean isAgain() {
        return Boolean.TRUE.equals(again);
    }

    private boolean isAll() {
        return Boolean.TRUE.equals(all);
    }

    /// The order, as the audit keeps it.
    Map<String, Object> order() {
        Map.Entry<String, Object> what = ids != null
                ? Map.entry("ids", ids)
                : filter != null ? Map.entry("filter", filter) : Map.entry("all", true);
        return Map.ofEntries(what, Map.entry("again", isAgain()));
    }
}
