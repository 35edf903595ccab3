/// The benchmark harness: suites, the broker they run against, and the line of figures they end with.
@NullMarked
package outrider.bench;

import org.jspecify.annotations.NullMarked;
