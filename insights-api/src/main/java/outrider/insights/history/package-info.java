/// Keeps what happened to insights: in months, which are made ahead and dropped when they are too old.
@NullMarked
package outrider.insights.history;

import org.jspecify.annotations.NullMarked;
