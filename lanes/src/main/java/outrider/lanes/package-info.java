/// The lane runtime: a consumer loop that never blocks on work, with a virtual thread per job.
@NullMarked
package outrider.lanes;

import org.jspecify.annotations.NullMarked;
