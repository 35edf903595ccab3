package outrider.checker.admin;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of the letters a replay was asked for.
///
/// @param counts by outcome, of all of them
/// @param items the first of them, one by one
/// @param moreItems whether there are more than that
/// @param examined how many letters were read
/// @param stopped why it broke off before its end; null: it did not
/// @param nextPageToken what to send as `page_token` to go on; null: every letter was looked at
record ReplayAnswer(
        boolean dryRun,
        Map<String, Integer> counts,
        List<Item> items,
        boolean moreItems,
        int examined,
        @Nullable String stopped,
        @Nullable String nextPageToken) {

    private static final int MOST_ITEMS = 500;

    /// What can become of a letter.
    enum Outcome {
        REPLAYED,
        WOULD_REPLAY,
        /// Left alone, as `again` was not given.
        ALREADY_REPLAYED,
        /// Left alone, as its bytes are no scan job and nobody named it by its id.
        UNREADABLE,
        /// Left alone, as its headers name no lane.
        NO_LANE,
        /// There is no letter with that id, or no longer.
        NOT_FOUND,
        /// Kafka did not take it; it counts as not replayed.
        FAILED;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One letter.
    ///
    /// @param topic where it went, or would
    record Item(
            LetterId id,
            Outcome outcome,
            @Nullable String topic,
            @Nullable UUID scanId,
            @Nullable String why) {}

    /// Counts while a replay goes on.
    static final class Tally {
        private final Map<String, Integer> counts = new LinkedHashMap<>();
        private final List<Item> items = new ArrayList<>();
        private int all;

        Tally() {
            for (var outcome : Outcome.values()) {
                counts.put(outcome.id(), 0);
            }
        }

        void add(Item item) {
            counts.merge(item.outcome().id(), 1, Integer::sum);
            all++;
            if (items.size() < MOST_ITEMS) {
                items.add(item);
            }
        }

        ReplayAnswer answer(boolean dryRun, int examined, @Nullable String stopped, @Nullable String token) {
            return new ReplayAnswer(dryRun, counts, items, all > items.size(), examined, stopped, token);
        }
    }
}
