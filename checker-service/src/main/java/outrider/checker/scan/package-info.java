/// From a job to its report: runs the lanes of this process.
@NullMarked
package outrider.checker.scan;

import org.jspecify.annotations.NullMarked;
