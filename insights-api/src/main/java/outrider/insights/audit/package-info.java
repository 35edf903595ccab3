/// What operators ordered of the checkers and the scheduler: kept here, and shown.
@NullMarked
package outrider.insights.audit;

import org.jspecify.annotations.NullMarked;
