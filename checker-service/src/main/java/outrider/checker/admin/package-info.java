/// Operating the checkers by REST: lanes and the catalogue of checks.
@NullMarked
package outrider.checker.admin;

import org.jspecify.annotations.NullMarked;
