/// Brings finished reports to the insights API: many small ones in one request, each kept until it is accepted.
@NullMarked
package outrider.checker.report;

import org.jspecify.annotations.NullMarked;
