/// The arms of the suite `lanes`: one class for each way of consuming.
@NullMarked
package outrider.bench.lanes.arm;

import org.jspecify.annotations.NullMarked;
