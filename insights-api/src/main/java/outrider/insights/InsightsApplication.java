package outrider.insights;

import java.time.Clock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import outrider.insight.CheckCatalog;
import outrider.web.Routes;
import outrider.web.Scopes;
import outrider.web.WebEdge;

/// The insights API: takes reports, keeps insights, answers questions about them.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@Import(WebEdge.class)
public class InsightsApplication {

    public static void main(String[] args) {
        builder().run(args);
    }

    /// The application, configured by `insights.yml`, to be run here or inside a larger process.
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(InsightsApplication.class).properties("spring.config.name=insights");
    }

    @Bean
    Routes routes() {
        return Routes.of()
                .post("/v1/reports", Scopes.REPORTS_WRITE)
                .post("/v1/reports:compare", Scopes.REPORTS_WRITE)
                .get("/v1/insights", Scopes.INSIGHTS_READ)
                .get("/v1/insights/*", Scopes.INSIGHTS_READ)
                .get("/v1/insights/*/history", Scopes.INSIGHTS_READ)
                .get("/v1/coverage", Scopes.INSIGHTS_READ)
                .get("/v1/summary", Scopes.INSIGHTS_READ)
                .get("/admin/audit", Scopes.ADMIN_READ)
                .get("/admin/overview", Scopes.ADMIN_READ)
                .get("/admin/ingest", Scopes.ADMIN_READ)
                .get("/admin/ingest/withheld", Scopes.ADMIN_READ)
                .post("/admin/ingest/withheld:accept", Scopes.ADMIN_WRITE);
    }

    @Bean
    CheckCatalog catalog() {
        return CheckCatalog.load();
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
