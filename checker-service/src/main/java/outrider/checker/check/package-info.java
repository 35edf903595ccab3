/// The framework of the checks: a checker looks once at each subject, and its judges answer from what was seen.
@NullMarked
package outrider.checker.check;

import org.jspecify.annotations.NullMarked;
