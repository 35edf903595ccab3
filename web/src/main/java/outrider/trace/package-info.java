/// The trace of a scan: how it travels, and what its spans are called.
@NullMarked
package outrider.trace;

import org.jspecify.annotations.NullMarked;
