/// The way to the primary: who gets a connection and for how long, what that took, and how far away the primary is.
///
/// [outrider.insights.database.DatabaseGate] stands before the pool; [outrider.insights.database.DatabaseUse] is one
/// request's budget and bill; [outrider.insights.database.PrimaryDistance] measures, and
/// [outrider.insights.database.NearPrimary] turns this replica not ready when it is far.
@NullMarked
package outrider.insights.database;

import org.jspecify.annotations.NullMarked;
