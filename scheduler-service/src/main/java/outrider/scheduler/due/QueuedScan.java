package outrider.scheduler.due;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scheduler.Sql;

/// A scan that has been opened and still has to reach its lane.
///
/// @param batch which scans it was opened with
/// @param ordinal its place among them, from 1
/// @param lengthy whether it may take long, whatever its lane is
/// @param expiresAt past it no checker may run the job
public record QueuedScan(ScanJob job, long batch, int ordinal, Lane lane, boolean lengthy, Instant expiresAt) {

    /// Reads a row with the columns of the asset, the scope by its checker's name, and its open scan.
    public static QueuedScan from(ResultSet row, int number) throws SQLException {
        var job = new ScanJob(
                row.getObject("scan_id", UUID.class),
                row.getLong("sequence"),
                row.getObject("account_id", UUID.class),
                row.getObject("asset_id", UUID.class),
                AssetKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("name"),
                endpoints(row),
                row.getString("checker"),
                Sql.instant(row, "attempted_at"),
                row.getLong("revision"));
        return new QueuedScan(
                job,
                row.getLong("batch"),
                row.getInt("ordinal"),
                Lane.of(row.getString("scan_lane")),
                row.getBoolean("scan_lengthy"),
                Sql.instant(row, "expires_at"));
    }

    private static List<Endpoint> endpoints(ResultSet row) throws SQLException {
        return Stream.of((String[]) row.getArray("endpoints").getArray())
                .map(Endpoint::of)
                .toList();
    }
}
