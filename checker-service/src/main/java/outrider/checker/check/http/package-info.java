/// The checker `http`: what an endpoint answers to a browser's first request.
@NullMarked
package outrider.checker.check.http;

import org.jspecify.annotations.NullMarked;
