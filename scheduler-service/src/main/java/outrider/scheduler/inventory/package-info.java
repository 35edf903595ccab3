/// What customers own: accounts, plans and assets by REST, and their publication to the insights API.
@NullMarked
package outrider.scheduler.inventory;

import org.jspecify.annotations.NullMarked;
