package outrider.bench.write;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import outrider.bench.Asked;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Server;
import outrider.bench.write.arm.RivalTable;

/// The suite `write`: our way of writing reports beside others, all into one PostgreSQL that loses nothing.
public final class WriteSuite {
    private final Scale scale;
    private final PrintStream out;

    /// @param full every arm in every cell, with more repetitions
    public WriteSuite(boolean full, PrintStream out) {
        this.scale = Asked.smoke() ? Scale.smoke() : full ? Scale.full() : Scale.quick();
        this.out = out;
    }

    public Figures run() throws IOException {
        var figures = new Figures();
        try (var server = Server.start()) {
            server.describe(out);
            var url = server.create("write");
            migrate(url);
            var rig = new Rig(server, url, out, Asked.repetitions(scale.repetitions()));
            if (Asked.wanted("small")) {
                new Small(rig, scale).run(figures);
            }
            if (Asked.wanted("distance")) {
                new Distance(rig, scale).run(figures);
            }
            if (Asked.wanted("large")) {
                new Large(rig, scale).run(figures);
            }
            if (Asked.wanted("http")) {
                new Http(rig, scale).run(figures);
            }
            if (Asked.wanted("tuning")) {
                new Tuning(rig, scale).run(figures);
            }
            if (Asked.wanted("budget")) {
                new Budget(rig, scale).run(figures);
            }
            if (Asked.wanted("heap")) {
                new Heap(rig, scale).run(figures);
            }
            if (Asked.wanted("growth")) {
                new Growth(rig, scale).run(figures);
            }
            if (Asked.wanted("preloaded")) {
                new Preloaded(rig, scale).run(figures);
            }
            if (Asked.wanted("grid") && scale.everything()) {
                new Grid(rig, scale).run();
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
        return figures;
    }

    /// The schema of the API and the rivals' tables, without a row.
    private static void migrate(String url) throws SQLException {
        try (var source = new HikariDataSource()) {
            source.setJdbcUrl(url);
            source.setMaximumPoolSize(2);
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/insights")
                    .schemas("insights")
                    .load()
                    .migrate();
            try (var connection = source.getConnection();
                    var statement = connection.createStatement()) {
                RivalTable.create(statement);
            }
        }
    }
}
