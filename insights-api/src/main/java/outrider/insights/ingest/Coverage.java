package outrider.insights.ingest;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import outrider.scan.CheckResult;
import outrider.scan.Wire;

/// How each check went in one report, counted while its results come.
final class Coverage {

    private final Map<String, Entry> checks = new HashMap<>();

    /// How one check went: its results by state (null for none; those in error that were not permitted apart), and why
    /// not.
    record Entry(
            @Nullable Integer pass,
            @Nullable Integer fail,
            @Nullable Integer notApplicable,
            @Nullable Integer error,
            @Nullable Integer notPermitted,
            @Nullable String why) {

        private static final Entry NONE = new Entry(null, null, null, null, null, null);

        /// With one more result. Why not: the first error, else the first reason why the check does not apply.
        Entry and(CheckResult result) {
            return switch (result.state()) {
                case PASS -> new Entry(more(pass), fail, notApplicable, error, notPermitted, why);
                case FAIL -> new Entry(pass, more(fail), notApplicable, error, notPermitted, why);
                case NOT_APPLICABLE ->
                    new Entry(pass, fail, more(notApplicable), error, notPermitted, why == null ? reason(result) : why);
                case ERROR -> {
                    var first = error == null && notPermitted == null ? reason(result) : why;
                    yield result.isNotPermitted()
                            ? new Entry(pass, fail, notApplicable, error, more(notPermitted), first)
                            : new Entry(pass, fail, notApplicable, more(error), notPermitted, first);
                }
            };
        }

        private static @Nullable String reason(CheckResult result) {
            return result.why() == null ? null : result.subject() + ": " + result.why();
        }

        private static Integer more(@Nullable Integer count) {
            return count == null ? 1 : count + 1;
        }
    }

    void add(CheckResult result) {
        checks.put(
                result.check().value(),
                checks.getOrDefault(result.check().value(), Entry.NONE).and(result));
    }

    /// By check, as the scope's row keeps it.
    String json() {
        return Wire.JSON.writeValueAsString(checks);
    }
}
