/// The insights API as an application: what its features share.
@NullMarked
package outrider.insights;

import org.jspecify.annotations.NullMarked;
