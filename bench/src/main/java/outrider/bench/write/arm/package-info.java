/// The ways to write a report, and the reports that they all get.
@NullMarked
package outrider.bench.write.arm;

import org.jspecify.annotations.NullMarked;
