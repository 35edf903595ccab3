/// The checker service: from a scan job to a report.
@NullMarked
package outrider.checker;

import org.jspecify.annotations.NullMarked;
