/// What crosses a wire about scans: jobs, reports, outcomes, inventory, and the names of topics and headers.
@NullMarked
package outrider.scan;

import org.jspecify.annotations.NullMarked;
