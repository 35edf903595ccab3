/// The demo: a deliberately weak site on loopback, registered and scanned as any other.
@NullMarked
package outrider.standalone.demo;

import org.jspecify.annotations.NullMarked;
