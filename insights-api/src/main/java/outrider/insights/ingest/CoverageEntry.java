package outrider.insights.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;

/// How one check went in one report: its results by state (null for none), and why not.
record CoverageEntry(
        @Nullable Integer pass,
        @Nullable Integer fail,
        @Nullable Integer notApplicable,
        @Nullable Integer error,
        @Nullable String why) {

    static CoverageEntry of(List<CheckResult> results) {
        return new CoverageEntry(
                count(results, CheckState.PASS),
                count(results, CheckState.FAIL),
                count(results, CheckState.NOT_APPLICABLE),
                count(results, CheckState.ERROR),
                why(results));
    }

    private static @Nullable Integer count(List<CheckResult> results, CheckState state) {
        var count = (int) results.stream().filter(r -> r.state() == state).count();
        return count == 0 ? null : count;
    }

    /// The first error, else the first reason why the check does not apply.
    private static @Nullable String why(List<CheckResult> results) {
        String notApplicable = null;
        for (var result : results) {
            if (result.state() == CheckState.ERROR) {
                return result.subject() + ": " + result.why();
            }
            if (result.state() == CheckState.NOT_APPLICABLE && notApplicable == null) {
                notApplicable = result.why() == null ? null : result.subject() + ": " + result.why();
            }
        }
        return notApplicable;
    }
}
