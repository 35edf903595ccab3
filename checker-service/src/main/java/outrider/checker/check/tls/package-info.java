/// The checker `tls`: what an endpoint proves of itself.
@NullMarked
package outrider.checker.check.tls;

import org.jspecify.annotations.NullMarked;
