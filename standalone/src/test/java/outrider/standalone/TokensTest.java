package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import outrider.web.Scopes;

/// Each route of the three services with each scope there is.
class TokensTest {

    /// What each route needs, written down once more and by hand: a route that is not here fails the test.
    private static final String TABLE = """
            INSIGHTS  POST   /v1/reports                                    reports:write
            INSIGHTS  POST   /v1/reports:compare                            reports:write
            INSIGHTS  GET    /v1/insights                                   insights:read
            INSIGHTS  GET    /v1/insights/{id}                              insights:read
            INSIGHTS  GET    /v1/insights/{id}/history                      insights:read
            INSIGHTS  GET    /v1/coverage                                   insights:read
            INSIGHTS  GET    /v1/summary                                    insights:read
            INSIGHTS  GET    /admin/audit                                   admin:read
            INSIGHTS  GET    /admin/ingest                                  admin:read
            INSIGHTS  GET    /admin/ingest/withheld                         admin:read
            INSIGHTS  POST   /admin/ingest/withheld:accept                  admin:write
            INSIGHTS  GET    /admin/overview                                admin:read
            SCHEDULER GET    /v1/accounts                                   inventory:read
            SCHEDULER POST   /v1/accounts                                   inventory:write
            SCHEDULER GET    /v1/accounts/{id}                              inventory:read
            SCHEDULER PATCH  /v1/accounts/{id}                              inventory:write
            SCHEDULER DELETE /v1/accounts/{id}                              inventory:write
            SCHEDULER GET    /v1/accounts/{id}/assets                       inventory:read
            SCHEDULER POST   /v1/accounts/{id}/assets                       inventory:write
            SCHEDULER POST   /v1/accounts/{id}/assets:import                inventory:write
            SCHEDULER GET    /v1/assets/{id}                                inventory:read
            SCHEDULER PATCH  /v1/assets/{id}                                inventory:write
            SCHEDULER DELETE /v1/assets/{id}                                inventory:write
            SCHEDULER GET    /v1/assets/{id}/scans                          scans:read
            SCHEDULER GET    /v1/assets/{id}/records                        records:read
            SCHEDULER POST   /v1/assets/{id}/records:import                 inventory:write
            SCHEDULER POST   /v1/scans                                      scans:write
            SCHEDULER GET    /v1/scans/{id}                                 scans:read
            SCHEDULER POST   /v1/tokens                                     open
            SCHEDULER GET    /admin/keys                                    admin:read
            SCHEDULER POST   /admin/keys                                    admin:write
            SCHEDULER POST   /admin/keys/{id}:rotate                        admin:write
            SCHEDULER DELETE /admin/keys/{id}                               admin:write
            SCHEDULER GET    /admin/schedule                                admin:read
            SCHEDULER POST   /admin/schedule:pause                          admin:write
            SCHEDULER POST   /admin/schedule:resume                         admin:write
            SCHEDULER POST   /admin/schedule:recompute                      admin:write
            SCHEDULER PATCH  /admin/plans/{plan}                            admin:write
            SCHEDULER POST   /admin/plans/{plan}:preview                    admin:read
            CHECKER   GET    /v1/checks                                     insights:read
            CHECKER   GET    /admin/lanes                                   admin:read
            CHECKER   GET    /admin/lanes/{lane}                            admin:read
            CHECKER   GET    /admin/lanes/{lane}/jobs                       admin:read
            CHECKER   PATCH  /admin/lanes/{lane}                            admin:write
            CHECKER   GET    /admin/dead-letters                            admin:read
            CHECKER   GET    /admin/dead-letters:count                      admin:read
            CHECKER   POST   /admin/dead-letters:replay                     admin:write
            """;

    /// One line of the table.
    record Route(Service service, String method, String path, String scope) {

        static Route of(String line) {
            var words = line.strip().split(" +");
            return new Route(Service.valueOf(words[0]), words[1], words[2], words[3]);
        }

        int status(String token) {
            var some = path.replace("{id}", UUID.randomUUID().toString()).replaceAll("\\{\\w+}", "none");
            return TestFleet.call(service, method, some, token, "").status();
        }
    }

    static Stream<Route> routes() {
        return TABLE.lines().map(Route::of).filter(route -> !route.scope().equals("open"));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_route_opens_to_its_scope_and_to_no_other(Route route) {
        assertThat(route.status(null)).isEqualTo(401);
        assertThat(route.status("no.token.atall")).isEqualTo(401);
        assertThat(Scopes.OPERATOR).contains(route.scope());
        for (var scope : Scopes.OPERATOR) {
            var status = route.status(TestFleet.token(Set.of(scope), null));
            if (scope.equals(route.scope())) {
                assertThat(status).as("with " + scope).isNotIn(401, 403).isLessThan(500);
            } else {
                assertThat(status).as("with " + scope).isEqualTo(403);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_table_has_every_route_there_is(Service service) {
        assertThat(documented(service))
                .containsExactlyInAnyOrderElementsOf(TABLE.lines()
                        .map(Route::of)
                        .filter(route -> route.service() == service)
                        .map(route -> route.method() + " " + route.path())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void metrics_and_the_document_are_not_for_everybody(Service service) {
        var metrics = new Route(service, "GET", "/actuator/prometheus", Scopes.METRICS_READ);
        a_route_opens_to_its_scope_and_to_no_other(metrics);
        assertThat(TestFleet.get(service, "/v3/api-docs", null).status()).isEqualTo(401);
        assertThat(metrics.status(TestFleet.token(Scopes.OPERATOR, UUID.randomUUID())))
                .isEqualTo(403);
    }

    @Test
    void a_key_is_exchanged_without_a_token() {
        var exchange =
                TABLE.lines().map(Route::of).filter(route -> route.scope().equals("open"));

        assertThat(exchange.map(route -> route.path() + " " + route.status(null)))
                .containsExactly("/v1/tokens 400");
    }

    @Test
    void a_checker_reads_records_and_reports_and_can_do_nothing_else() {
        var checker = TestFleet.token(Scopes.CHECKER, null);

        assertThat(routes().filter(route -> route.status(checker) != 403).map(Route::path))
                .containsExactlyInAnyOrder("/v1/reports", "/v1/reports:compare", "/v1/assets/{id}/records");
    }

    @Test
    void what_is_about_all_accounts_is_closed_to_a_token_of_one() {
        var token = TestFleet.token(Scopes.OPERATOR, UUID.randomUUID());

        assertThat(routes().filter(route -> route.path().startsWith("/admin/")))
                .isNotEmpty()
                .allSatisfy(route -> assertThat(route.status(token)).isEqualTo(403));
    }

    private static List<String> documented(Service service) {
        var routes = new ArrayList<String>();
        TestFleet.get(service, "/v3/api-docs", TestFleet.operator())
                .json()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return routes;
    }
}
