/// The insights API: ingest and query.
@NullMarked
package outrider.insights;

import org.jspecify.annotations.NullMarked;
