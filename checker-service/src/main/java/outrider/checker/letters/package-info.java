/// Dead letters by REST: looked through, and sent back to their lanes.
@NullMarked
package outrider.checker.letters;

import org.jspecify.annotations.NullMarked;
