package outrider.insights;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.embedded.TestDatabase;

/// One migrated database for all tests of this module; they keep apart by their accounts.
public final class TestInsights {

    /// The most sessions with it.
    public static final int SESSIONS = 40;

    public static final String URL = TestDatabase.fresh();
    public static final DataSource SOURCE = migrated(URL);
    public static final JdbcClient JDBC = JdbcClient.create(SOURCE);

    private TestInsights() {}

    /// Makes the schema in a database.
    public static DataSource migrated(String url) {
        var source = unmigrated(url);
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/insights")
                .schemas("insights")
                .load()
                .migrate();
        return source;
    }

    /// Takes a database as it is.
    public static DataSource unmigrated(String url) {
        var source = new HikariDataSource();
        source.setJdbcUrl(url);
        source.setMaximumPoolSize(SESSIONS);
        source.setMinimumIdle(0);
        return source;
    }
}
