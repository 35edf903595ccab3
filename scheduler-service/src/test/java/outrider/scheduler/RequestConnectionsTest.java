package outrider.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import outrider.scheduler.due.DueScopes;

/// Requests have connections of their own, so that no number of them keeps the schedule from its database.
class RequestConnectionsTest {

    private static final int REQUESTS = 6;

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final DataSource connections = scheduler.bean(DataSource.class);
    private final ArrayList<Connection> held = new ArrayList<>();

    @AfterEach
    void giveBack() throws SQLException {
        RequestContextHolder.resetRequestAttributes();
        for (var connection : held) {
            connection.close();
        }
    }

    @Test
    void with_all_connections_of_requests_in_use_scans_are_claimed_all_the_same() throws SQLException {
        var now = scheduler.clock().instant();
        scheduler.asset(scheduler.account("pro"), "a.example", now);
        asRequest();
        for (var i = 0; i < REQUESTS; i++) {
            held.add(connections.getConnection());
        }
        assertThatThrownBy(connections::getConnection).isInstanceOf(SQLException.class);
        RequestContextHolder.resetRequestAttributes();

        assertThat(scheduler.bean(DueScopes.class).claim(100, now, Duration.ofSeconds(30)))
                .hasSize(TestScheduler.checkers());
    }

    @Test
    void no_statement_of_either_runs_without_end() throws SQLException {
        assertThat(timeout()).isEqualTo("30s");
        asRequest();
        assertThat(timeout()).isEqualTo("30s");
    }

    private String timeout() {
        return scheduler
                .jdbc()
                .sql("show statement_timeout")
                .query(String.class)
                .single();
    }

    private static void asRequest() {
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(new MockHttpServletRequest()));
    }
}
