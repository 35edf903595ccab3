package outrider.insights.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/// Puts the gate before the pool, and measures beside it.
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    /// In seconds.
    private static final String PATIENCE = "2";

    @Bean
    static BeanPostProcessor gateBeforeThePool(
            ObjectProvider<DatabaseProperties> properties, ObjectProvider<DatabaseMetrics> metrics) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (!name.equals("dataSource") || !(bean instanceof HikariDataSource pool)) {
                    return bean;
                }
                PrimaryUrl.require(pool.getJdbcUrl(), pool.getDataSourceProperties());
                return new DatabaseGate(pool, pool.getMaximumPoolSize(), properties.getObject(), metrics.getObject());
            }
        };
    }

    @Bean
    PrimaryDistance primaryDistance(DataSource source, DatabaseProperties properties, DatabaseMetrics metrics)
            throws SQLException {
        var pool = source.unwrap(HikariDataSource.class);
        var distance = new PrimaryDistance(
                () -> DriverManager.getConnection(pool.getJdbcUrl(), alone(pool)), properties.primary());
        metrics.watch(distance);
        return distance;
    }

    /// A server that takes no writes is trouble that ends when the next connection finds the primary.
    @Bean
    SQLExceptionTranslator standbyIsTrouble() {
        var translator = new SQLExceptionSubclassTranslator();
        translator.setCustomTranslator((task, sql, e) -> StandbyEviction.isStandby(e)
                ? new TransientDataAccessResourceException("the server takes no writes any more", e)
                : null);
        return translator;
    }

    /// The pool's settings, with less patience.
    private static Properties alone(HikariDataSource pool) {
        var settings = new Properties();
        settings.putAll(pool.getDataSourceProperties());
        if (pool.getUsername() != null) {
            PGProperty.USER.set(settings, pool.getUsername());
        }
        if (pool.getPassword() != null) {
            PGProperty.PASSWORD.set(settings, pool.getPassword());
        }
        PGProperty.APPLICATION_NAME.set(settings, "insights-api distance");
        PGProperty.SOCKET_TIMEOUT.set(settings, PATIENCE);
        PGProperty.LOGIN_TIMEOUT.set(settings, PATIENCE);
        return settings;
    }
}
