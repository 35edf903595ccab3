/// The suite `checks`: what scanning a host costs, and what hosts that hang cost the others.
@NullMarked
package outrider.bench.checks;

import org.jspecify.annotations.NullMarked;
