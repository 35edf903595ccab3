/// The whole fleet on one machine.
@NullMarked
package outrider.standalone;

import org.jspecify.annotations.NullMarked;
