/// The read side: lists, one insight and its history, coverage, counts. Everything is limited to what the token may
/// see.
@NullMarked
package outrider.insights.query;

import org.jspecify.annotations.NullMarked;
