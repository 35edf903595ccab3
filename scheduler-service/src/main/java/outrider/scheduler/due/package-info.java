/// What is due: one scope per asset and checker, its next due time, the claim, and how fast the fleet may go.
@NullMarked
package outrider.scheduler.due;

import org.jspecify.annotations.NullMarked;
