package outrider.insights.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import outrider.insight.CheckId;
import outrider.scan.CatalogRecord.Check;

/// The checks of one catalogue as reports are held against them: the checker of each.
public final class CatalogChecks {

    private final Map<CheckId, String> checkers;
    private final Set<String> names;

    CatalogChecks(Collection<Check> checks) {
        this.checkers = checks.stream().collect(Collectors.toUnmodifiableMap(Check::id, Check::checker));
        this.names = Set.copyOf(checkers.values());
    }

    /// Whether any check runs in a checker of that name.
    public boolean hasChecker(String name) {
        return names.contains(name);
    }

    /// The checker that the check runs in; null: there is no such check.
    public @Nullable String checkerOf(CheckId check) {
        return checkers.get(check);
    }
}
