package outrider.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/// The application as a whole.
class InsightsApplicationTest {

    @Test
    void is_ready_once_it_has_its_schema() {
        assertThat(TestApi.get("/actuator/health/readiness", TestApi.token(null))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void describes_its_endpoints_with_their_filters() {
        var api = TestApi.get("/v3/api-docs", TestApi.token(null)).body();

        assertThat(api.at("/paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/v1/reports",
                        "/v1/reports:compare",
                        "/v1/insights",
                        "/v1/insights/{id}",
                        "/v1/insights/{id}/history",
                        "/v1/coverage",
                        "/v1/summary",
                        "/admin/audit",
                        "/admin/ingest",
                        "/admin/ingest/withheld",
                        "/admin/ingest/withheld:accept",
                        "/admin/overview");
        assertThat(api.at("/paths/~1v1~1insights/get/parameters")
                        .valueStream()
                        .map(parameter -> parameter.at("/name").asString()))
                .containsExactlyInAnyOrder(
                        "account_id", "asset_id", "check", "severity", "state", "q", "limit", "page_token");
        assertThat(api.at("/paths/~1v1~1reports/post/requestBody/content").propertyNames())
                .containsExactly("application/x-ndjson");
    }

    @Test
    void answers_503_at_once_when_no_connection_is_free() throws SQLException {
        var source = TestApi.APPLICATION.getBean(DataSource.class);
        var held = new ArrayList<Connection>();
        try {
            while (held.size() < 3) { // reports have the other five
                held.add(source.getConnection());
            }

            var answer = TestApi.get("/v1/insights", TestApi.token(null));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
            assertThat(answer.body().at("/type").asString()).isEqualTo("urn:outrider:problem:unavailable");
        } finally {
            for (var connection : held) {
                connection.close();
            }
        }
        assertThat(TestApi.get("/v1/insights", TestApi.token(null)).status()).isEqualTo(200);
    }
}
