/// What operators ordered of the services that have no database: kept here, and shown.
@NullMarked
package outrider.insights.audit;

import org.jspecify.annotations.NullMarked;
