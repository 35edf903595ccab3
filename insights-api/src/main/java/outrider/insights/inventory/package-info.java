/// What the insights API learns of accounts and assets, and what their removal does to insights.
@NullMarked
package outrider.insights.inventory;

import org.jspecify.annotations.NullMarked;
