/// The way of a scan from its claim into a lane's topic and, when the checker has told its outcome, to its end.
@NullMarked
package outrider.scheduler.dispatch;

import org.jspecify.annotations.NullMarked;
