package outrider.insights.database;

import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// The driver's own reading of the JDBC URL, to refuse at start what would send reports to a standby.
final class PrimaryUrl {

    private PrimaryUrl() {}

    /// Refuses several hosts without `targetServerType=primary`.
    ///
    /// @param defaults the driver properties beside the URL
    /// @throws IllegalArgumentException says what to change
    static void require(String url, Properties defaults) {
        var settings = Driver.parseURL(url, defaults);
        if (settings == null) {
            throw new IllegalArgumentException("spring.datasource.url must begin with jdbc:postgresql:");
        }
        var hosts = PGProperty.PG_HOST.getOrDefault(settings);
        var type = PGProperty.TARGET_SERVER_TYPE.getOrDefault(settings);
        if (hosts != null && hosts.contains(",") && !"primary".equals(type)) {
            throw new IllegalArgumentException(
                    "spring.datasource.url names the hosts %s with targetServerType=%s: reports must reach the primary; say targetServerType=primary"
                            .formatted(hosts, type));
        }
    }
}
