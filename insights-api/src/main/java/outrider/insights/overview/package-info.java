/// The whole fleet's state in one answer: this service asks the others with the caller's own token.
@NullMarked
package outrider.insights.overview;

import org.jspecify.annotations.NullMarked;
