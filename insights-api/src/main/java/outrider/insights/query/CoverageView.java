package outrider.insights.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import outrider.scan.CheckState;

/// How one check stands on one asset.
///
/// @param state of the last attempt, over all subjects: ERROR if any could not be told, else FAIL if any failed, else
/// PASS if any passed
/// @param results of the last attempt, by state
/// @param lastCompleted when it last came to PASS or FAIL on any subject; null: never
/// @param why why not, in the words of the first subject that was in error or did not apply
/// @param withheld closes that wait for a second scan or an operator: the last scan would have closed implausibly much
/// @param stale for some intervals of the account's plan no attempt came to anything but ERROR, or none was made
record CoverageView(
        UUID accountId,
        UUID assetId,
        @Nullable String assetName,
        String checker,
        String check,
        CheckState state,
        Results results,
        Instant lastAttempt,
        @Nullable Instant lastCompleted,
        @Nullable String why,
        int withheld,
        boolean stale) {

    /// How many subjects ended in each state; those in error that nobody was allowed to look at are apart.
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Results(int pass, int fail, int notApplicable, int error, int notPermitted) {

        CheckState worst() {
            if (error > 0) {
                return CheckState.ERROR;
            }
            if (fail > 0) {
                return CheckState.FAIL;
            }
            if (pass > 0) {
                return CheckState.PASS;
            }
            return notApplicable > 0 || notPermitted == 0 ? CheckState.NOT_APPLICABLE : CheckState.ERROR;
        }
    }
}
