package outrider.scheduler;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import outrider.web.Routes;
import outrider.web.Scopes;
import outrider.web.WebEdge;

/// The scheduler service.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@Import(WebEdge.class)
public class SchedulerApplication {

    public static void main(String[] arguments) {
        builder().run(arguments);
    }

    /// The application with its own configuration, for whoever starts it beside others in one JVM.
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(SchedulerApplication.class).properties("spring.config.name=scheduler");
    }

    @Bean
    Routes routes() {
        return Routes.of()
                .get("/v1/accounts/**", Scopes.INVENTORY_READ)
                .post("/v1/accounts/**", Scopes.INVENTORY_WRITE)
                .patch("/v1/accounts/**", Scopes.INVENTORY_WRITE)
                .delete("/v1/accounts/**", Scopes.INVENTORY_WRITE)
                .get("/v1/assets/*/scans", Scopes.SCANS_READ)
                .get("/v1/assets/*/records", Scopes.RECORDS_READ)
                .post("/v1/assets/*/records:import", Scopes.INVENTORY_WRITE)
                .get("/v1/assets/**", Scopes.INVENTORY_READ)
                .patch("/v1/assets/**", Scopes.INVENTORY_WRITE)
                .delete("/v1/assets/**", Scopes.INVENTORY_WRITE)
                .get("/v1/scans/**", Scopes.SCANS_READ)
                .post("/v1/scans", Scopes.SCANS_WRITE)
                .openPost("/v1/tokens")
                .get("/admin/**", Scopes.ADMIN_READ)
                .post("/admin/plans/*:preview", Scopes.ADMIN_READ)
                .post("/admin/**", Scopes.ADMIN_WRITE)
                .patch("/admin/**", Scopes.ADMIN_WRITE)
                .delete("/admin/**", Scopes.ADMIN_WRITE);
    }
}
