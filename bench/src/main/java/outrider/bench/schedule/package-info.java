/// The suite `schedule`: what claiming and publishing cost with many scopes, how fast assets are taken in, and how
/// even a changed interval is.
@NullMarked
package outrider.bench.schedule;

import org.jspecify.annotations.NullMarked;
