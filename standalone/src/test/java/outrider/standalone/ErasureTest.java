package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.standalone.Service.INSIGHTS;
import static outrider.standalone.Service.SCHEDULER;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What is left of an account in every table of both schemas when it has been erased.
class ErasureTest {

    private static final String NAME = "to-be-forgotten";

    private final Tenant stays = Tenant.make("stays");
    private final Tenant goes = Tenant.make(NAME);

    @Test
    void of_an_erased_account_a_mark_and_the_proof_are_left_and_nothing_else() throws SQLException {
        TestFleet.call(
                SCHEDULER,
                "POST",
                "/v1/assets/" + goes.asset() + "/records:import",
                TestFleet.operator(),
                "text/dns",
                NAME + ".test. 300 IN A 192.0.2.1\nwww." + NAME + ".test. 300 IN A 192.0.2.2\n");
        goes.key();
        assertThat(left(goes))
                .containsKeys(
                        "scheduler.asset",
                        "scheduler.record",
                        "scheduler.api_key",
                        "insights.insight",
                        "insights.scope");

        assertThat(TestFleet.call(SCHEDULER, "DELETE", "/v1/accounts/" + goes.account(), TestFleet.operator(), "")
                        .status())
                .isEqualTo(204);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(left(goes)).isEqualTo(Map.of("insights.account", 1, "insights.audit", 5)));
        assertThat(ask("select name from insights.account where id = '%s'".formatted(goes.account())))
                .containsExactly("");
        assertThat(left(stays))
                .containsKeys("scheduler.account", "scheduler.scope", "insights.insight", "insights.scope");
        var byScheduler = proof("scheduler-service");
        assertThat(byScheduler.at("/before/assets").asInt()).isOne();
        assertThat(byScheduler.at("/before/records").asInt()).isEqualTo(2);
        assertThat(byScheduler.at("/before/scopes").asInt()).isPositive();
        var byInsights = proof("insights-api");
        assertThat(byInsights.at("/before/insight").asInt()).isOne();
        assertThat(byInsights.at("/before/asset").asInt()).isOne();
        assertThat(byInsights.at("/after").properties())
                .isNotEmpty()
                .allSatisfy(left -> assertThat(left.getValue().asInt()).isZero());
    }

    private List<JsonNode> proofs() {
        var audit = TestFleet.get(
                INSIGHTS, "/admin/audit?action=account.erase&target=account/" + goes.account(), TestFleet.operator());
        return StreamSupport.stream(audit.json().get("items").spliterator(), false)
                .toList();
    }

    private JsonNode proof(String service) {
        return proofs().stream()
                .filter(entry -> entry.get("service").asString().equals(service))
                .findFirst()
                .orElseThrow();
    }

    /// How many rows of each table, of those that have any, hold an id or the name of the account or its asset.
    private static Map<String, Integer> left(Tenant tenant) throws SQLException {
        var tables = ask("""
                select table_schema || '.' || table_name
                  from information_schema.tables
                 where table_schema in ('scheduler', 'insights')
                """);
        assertThat(tables).hasSizeGreaterThan(15);
        var left = new TreeMap<String, Integer>();
        for (var table : tables) {
            var rows = ask("select t::text from %s t".formatted(table)).stream()
                    .filter(row -> tenant.traces().stream().anyMatch(row::contains))
                    .count();
            if (rows > 0) {
                left.put(table, (int) rows);
            }
        }
        return left;
    }

    private static List<String> ask(String sql) throws SQLException {
        var answers = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(TestFleet.jdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
        }
        return answers;
    }
}
