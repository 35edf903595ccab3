/// What crosses a wire about insights: checks, their catalogue, severities, keys and content hashes.
@NullMarked
package outrider.insight;

import org.jspecify.annotations.NullMarked;
