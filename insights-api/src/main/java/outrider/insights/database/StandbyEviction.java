package outrider.insights.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/// Takes a connection out of the pool when the server behind it has stopped to take writes: the next one looks for the
/// primary again.
public final class StandbyEviction implements SQLExceptionOverride {

    private static final String READ_ONLY_TRANSACTION = "25006";

    @java.lang.Override // the interface has an Override of its own
    public Override adjudicate(SQLException e) {
        return isStandby(e) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }

    static boolean isStandby(SQLException e) {
        return READ_ONLY_TRANSACTION.equals(e.getSQLState());
    }
}
