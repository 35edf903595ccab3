/// The suite `lanes`: ways to consume a topic, side by side on one broker.
@NullMarked
package outrider.bench.lanes;

import org.jspecify.annotations.NullMarked;
