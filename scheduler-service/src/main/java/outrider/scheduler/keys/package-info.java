/// API keys: made, rotated and taken back by operators, and exchanged for the short-lived tokens that every service
/// checks by itself.
@NullMarked
package outrider.scheduler.keys;

import org.jspecify.annotations.NullMarked;
