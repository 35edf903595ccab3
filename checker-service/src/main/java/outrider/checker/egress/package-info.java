/// The only place that opens connections to the outside: the guard, name resolution, TLS and HTTP.
@NullMarked
package outrider.checker.egress;

import org.jspecify.annotations.NullMarked;
