/// The scheduler service: inventory, what is due, and its dispatch.
@NullMarked
package outrider.scheduler;

import org.jspecify.annotations.NullMarked;
