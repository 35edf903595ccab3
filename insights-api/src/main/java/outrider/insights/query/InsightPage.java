package outrider.insights.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of insights.
///
/// @param total how many match, counted up to [#MAX_TOTAL]
/// @param totalCapped whether there are more than that
/// @param nextPageToken null on the last page
record InsightPage(
        List<InsightView> items,
        int total,
        boolean totalCapped,
        @Nullable String nextPageToken) {

    static final int MAX_TOTAL = 10_000;

    InsightPage {
        items = List.copyOf(items);
    }
}
