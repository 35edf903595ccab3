/// The suite `write`: ways to write a report into PostgreSQL, side by side on one server.
@NullMarked
package outrider.bench.write;

import org.jspecify.annotations.NullMarked;
