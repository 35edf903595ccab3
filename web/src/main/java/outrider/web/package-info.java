/// What the three services share at their HTTP edge: bearer tokens, problem documents, page tokens.
@NullMarked
package outrider.web;

import org.jspecify.annotations.NullMarked;
