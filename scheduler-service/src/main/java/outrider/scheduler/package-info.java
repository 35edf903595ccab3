/// The scheduler service: what there is to scan, when it is due, and the way into the lanes.
@NullMarked
package outrider.scheduler;

import org.jspecify.annotations.NullMarked;
