package outrider.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.api.OpenTelemetry;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import outrider.scan.Wire;
import outrider.trace.Traces;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP edge of a service, for `@Import`: bearer tokens, problem documents, the JSON of the wire, the OpenAPI
/// document, traces.
///
/// The service brings a [Routes] bean. Nothing is open but health.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TokenProperties.class, OAuth2ResourceServerProperties.class})
@Import(ProblemAdvice.class)
public class WebEdge {

    @Bean
    SecurityFilterChain security(
            HttpSecurity http,
            Routes routes,
            AuthenticationManagerResolver<HttpServletRequest> issuers,
            JsonMapper json) {
        AuthenticationEntryPoint unknown = (request, response, e) -> {
            if (e instanceof KeysAwayException) {
                response.setHeader("Retry-After", Long.toString(ProviderKeys.PAUSE.toSeconds()));
                refuse(
                        response,
                        json,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "unavailable",
                        "The keys of this token's issuer cannot be reached, so it cannot be checked now. Send it again later.");
                return;
            }
            response.setHeader("WWW-Authenticate", "Bearer");
            refuse(
                    response,
                    json,
                    HttpStatus.UNAUTHORIZED,
                    "unauthorized",
                    "Send a valid token: 'Authorization: Bearer …'.");
        };
        AccessDeniedHandler forbidden = (request, response, e) -> refuse(
                response,
                json,
                HttpStatus.FORBIDDEN,
                "forbidden",
                "This token does not have the scope that this route needs, or is of one account and this is about all.");
        return http.authorizeHttpRequests(requests -> {
                    requests.requestMatchers("/actuator/health/**", "/error").permitAll();
                    routes.list()
                            .forEach(route -> requests.requestMatchers(route.method(), route.pattern())
                                    .access(Gate.of(route)));
                    requests.requestMatchers("/actuator/**").access(Gate.ofAllAccounts(Scopes.METRICS_READ));
                    requests.requestMatchers("/v3/api-docs/**").authenticated();
                    requests.anyRequest().denyAll();
                })
                .oauth2ResourceServer(server -> server.authenticationManagerResolver(issuers)
                        .authenticationEntryPoint(unknown)
                        .accessDeniedHandler(forbidden))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(unknown).accessDeniedHandler(forbidden))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf -> csrf.disable()) // a bearer token is never sent by a browser on its own
                .build();
    }

    @Bean
    AuthenticationManagerResolver<HttpServletRequest> issuers(
            TokenProperties tokens,
            OAuth2ResourceServerProperties provider,
            ObjectProvider<JwtDecoder> decoder,
            ObjectProvider<JwtAuthenticationConverter> converter,
            MeterRegistry meters) {
        var keys = Issuers.published(provider.getJwt());
        Gauge.builder("outrider.identity.provider.away", () -> keys != null && keys.away() ? 1 : 0)
                .description("1 while the identity provider cannot be asked for its keys; 0 where there is none")
                .register(meters);
        return Issuers.of(tokens, provider.getJwt(), keys, decoder.getIfAvailable(), converter.getIfAvailable());
    }

    /// REST bodies are written by people: there a field that does not exist is a mistake to be told.
    @Bean
    JsonMapperBuilderCustomizer wireJson() {
        return builder -> Wire.configure(builder).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    @Bean
    OpenAPI api(@Value("${spring.application.name}") String name) {
        return new OpenAPI()
                .info(new Info().title("Outrider " + name).version("v1"))
                .components(new Components()
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")))
                .addSecurityItem(new SecurityRequirement().addList("token"));
    }

    /// The OpenAPI library still reads types with its own, older mapper: this gives that one our spelling.
    @Bean
    ModelResolver spelling() {
        var mapper = Json31.mapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        return new ModelResolver(mapper).openapi31(true);
    }

    @Bean
    Traces traces(OpenTelemetry telemetry) {
        return new Traces(telemetry);
    }

    /// Probes and scrapes come every few seconds and would outnumber everything else.
    @Bean
    SpanExportingPredicate withoutActuator() {
        return span -> !span.getTags().getOrDefault("http.url", "").startsWith("/actuator");
    }

    private static void refuse(
            HttpServletResponse response, JsonMapper json, HttpStatus status, String type, String detail)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(Problems.of(status, type, detail)));
    }
}
