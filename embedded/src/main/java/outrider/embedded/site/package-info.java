/// A deliberately weak site and a DNS zone on loopback, for the demo and for tests.
@NullMarked
package outrider.embedded.site;

import org.jspecify.annotations.NullMarked;
