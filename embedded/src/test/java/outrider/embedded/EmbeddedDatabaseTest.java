package outrider.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedDatabaseTest {
    @Test
    void keeps_data_between_two_starts(@TempDir Path data) throws Exception {
        try (var database = EmbeddedDatabase.start(data, 0)) {
            execute(database.createDatabase("outrider"), "create table kept (n int)");
        }
        try (var database = EmbeddedDatabase.start(data, 0)) {
            execute(database.createDatabase("outrider"), "insert into kept values (1)");
            assertThat(query(database.jdbcUrl(), "show fsync")).isEqualTo("on");
        }
    }

    @Test
    void takes_the_place_of_a_server_that_outlived_its_jvm(@TempDir Path data) throws Exception {
        var killed = JavaCommand.of(KilledHost.class, List.of(), List.of(data.toString()))
                .redirectErrorStream(true)
                .start();
        assertThat(killed.inputReader().lines().anyMatch("up"::equals)).isTrue();
        killed.destroyForcibly().waitFor();
        assertThat(Files.exists(data.resolve("cluster/postmaster.pid"))).isTrue();

        try (var database = EmbeddedDatabase.start(data, 0)) {
            assertThat(query(database.jdbcUrl("outrider"), "select count(*) from kept"))
                    .isEqualTo("0");
        }
    }

    @Test
    void starts_although_another_process_has_the_old_number(@TempDir Path data) throws Exception {
        EmbeddedDatabase.start(data, 0).close();
        Files.writeString(
                data.resolve("cluster/postmaster.pid"), ProcessHandle.current().pid() + "\n");

        try (var database = EmbeddedDatabase.start(data, 0)) {
            assertThat(query(database.jdbcUrl(), "select 1")).isEqualTo("1");
        }
    }

    @Test
    void gives_each_test_an_empty_database_outside_utc() throws Exception {
        assertThat(TestDatabase.fresh()).isNotEqualTo(TestDatabase.fresh());
        assertThat(query(TestDatabase.fresh(), "show timezone")).isEqualTo("Asia/Kolkata");
        assertThat(query(TestDatabase.fresh(), "show listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void refuses_a_name_that_is_no_plain_word() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestDatabase.shared().createDatabase("a; drop"));
    }

    static void execute(String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /// Starts a database and waits to be killed.
    static final class KilledHost {
        public static void main(String[] arguments) throws Exception {
            var database = EmbeddedDatabase.start(Path.of(arguments[0]), 0);
            execute(database.createDatabase("outrider"), "create table kept (n int)");
            System.out.println("up");
            Thread.currentThread().join();
        }
    }
}
