/// What checks the checkers have, and what becomes of the insights of those that they have no longer.
///
/// [outrider.insights.catalog.CatalogListener] stores what they publish,
/// [outrider.insights.catalog.KnownCatalogs] has it in memory for the reports, and
/// [outrider.insights.catalog.RetiredChecks] closes insights.
@NullMarked
package outrider.insights.catalog;

import org.jspecify.annotations.NullMarked;
