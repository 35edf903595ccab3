package outrider.checker;

import java.time.Clock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import outrider.checker.check.CheckProperties;
import outrider.insight.CheckCatalog;
import outrider.web.Routes;
import outrider.web.Scopes;
import outrider.web.WebEdge;

/// The checker service. It has no database: what the others bring to a shared class path is left alone.
@SpringBootApplication(
        proxyBeanMethods = false,
        excludeName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
        })
@ConfigurationPropertiesScan
@Import(WebEdge.class)
public class CheckerApplication {

    public static void main(String[] arguments) {
        builder().run(arguments);
    }

    /// The application with its own configuration, for whoever starts it beside others in one JVM.
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(CheckerApplication.class).properties("spring.config.name=checker");
    }

    @Bean
    Routes routes() {
        return Routes.of()
                .get("/v1/checks", Scopes.INSIGHTS_READ)
                .get("/admin/**", Scopes.ADMIN_READ)
                .patch("/admin/**", Scopes.ADMIN_WRITE)
                .post("/admin/**", Scopes.ADMIN_WRITE);
    }

    @Bean
    CheckCatalog catalog(CheckProperties properties) {
        return CheckCatalog.load().disable(properties.disabled());
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
