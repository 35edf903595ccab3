package outrider.scan;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import outrider.insight.CheckId;

/// The checks that a replica of the checker has. The value of a record in the compacted topic
/// `outrider-catalog`; its key is the hash.
///
/// A replica publishes its catalogue at the start and again every few minutes. A catalogue that is no longer
/// published is no longer in use.
///
/// @param hash over the checks; the header of a report names it
/// @param at when the replica published it, by the clock of the replica
public record CatalogRecord(String hash, Instant at, List<Check> checks) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{1,64}");

    /// One check, and the checker it runs in.
    ///
    /// @param disabled the operator switched it off: it is not run, and no report has it
    public record Check(CheckId id, String checker, boolean disabled) {

        public Check {
            if (checker.isBlank()) {
                throw new IllegalArgumentException("checker must not be blank");
            }
        }
    }

    public CatalogRecord {
        if (!isHash(hash)) {
            throw new IllegalArgumentException("hash must be 1 to 64 hexadecimal digits");
        }
        checks = List.copyOf(checks);
        var ids = new HashSet<CheckId>();
        for (var check : checks) {
            if (!ids.add(check.id())) {
                throw new IllegalArgumentException("checks must not hold %s twice".formatted(check.id()));
            }
        }
    }

    /// Whether a catalogue can have that hash.
    static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }
}
