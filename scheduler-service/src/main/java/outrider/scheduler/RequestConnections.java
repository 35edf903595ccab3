package outrider.scheduler;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.web.context.request.RequestContextHolder;

/// Two pools of connections: one for requests, one for the schedule itself. However many requests wait for the
/// database, scans are claimed, marked and closed.
@Configuration(proxyBeanMethods = false)
class RequestConnections {

    /// @param requestConnections the most connections that requests have at once, beside those of the schedule
    /// (`spring.datasource.hikari.maximum-pool-size`)
    @ConfigurationProperties("outrider.database")
    record Sizes(@DefaultValue("6") int requestConnections) {

        Sizes {
            if (requestConnections < 1) {
                throw new IllegalArgumentException("outrider.database.request-connections must be 1 or more");
            }
        }
    }

    private enum Use {
        SCHEDULE,
        REQUEST
    }

    @Bean(destroyMethod = "close")
    Pools dataSource(DataSourceProperties properties, Sizes sizes, Environment environment) {
        var schedule = pool(properties, environment);
        var requests = pool(properties, environment);
        requests.setPoolName(schedule.getPoolName() + "-requests");
        requests.setMaximumPoolSize(sizes.requestConnections());
        return new Pools(schedule, requests);
    }

    /// A migration takes as long as it takes: a connection of its own, without time-outs.
    @Bean(defaultCandidate = false)
    @FlywayDataSource
    DataSource migrations(DataSourceProperties properties, Environment environment) {
        try (var pool = pool(properties, environment)) {
            var settings = new Properties();
            settings.putAll(pool.getDataSourceProperties());
            settings.remove("socketTimeout");
            settings.remove("options");
            Optional.ofNullable(properties.getUsername()).ifPresent(user -> settings.setProperty("user", user));
            Optional.ofNullable(properties.getPassword())
                    .ifPresent(password -> settings.setProperty("password", password));
            return new DriverManagerDataSource(properties.determineUrl(), settings);
        }
    }

    private static HikariDataSource pool(DataSourceProperties properties, Environment environment) {
        var pool = properties
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
        Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        return pool;
    }

    /// Takes a connection from the pool of whoever asks.
    static final class Pools extends AbstractRoutingDataSource implements AutoCloseable {

        private final HikariDataSource schedule;
        private final HikariDataSource requests;

        Pools(HikariDataSource schedule, HikariDataSource requests) {
            this.schedule = schedule;
            this.requests = requests;
            setTargetDataSources(Map.of(Use.SCHEDULE, schedule, Use.REQUEST, requests));
        }

        @Override
        protected Object determineCurrentLookupKey() {
            return RequestContextHolder.getRequestAttributes() == null ? Use.SCHEDULE : Use.REQUEST;
        }

        @Override
        public void close() {
            requests.close();
            schedule.close();
        }
    }
}
