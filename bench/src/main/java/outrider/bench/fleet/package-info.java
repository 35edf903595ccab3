/// The suite `fleet`: all services, the broker and the database on one machine, each in processes of its own.
@NullMarked
package outrider.bench.fleet;

import org.jspecify.annotations.NullMarked;
