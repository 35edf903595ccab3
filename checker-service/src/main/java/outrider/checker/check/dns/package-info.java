/// The checker `dns`: what a domain says of itself in the DNS.
@NullMarked
package outrider.checker.check.dns;

import org.jspecify.annotations.NullMarked;
