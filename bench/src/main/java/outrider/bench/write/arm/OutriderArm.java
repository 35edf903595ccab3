package outrider.bench.write.arm;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import outrider.bench.BenchException;
import outrider.insights.ingest.WriterDoor;
import outrider.scan.ReportOutcome;

/// Ours: the API's writer, without HTTP.
public final class OutriderArm implements Arm {
    private final boolean hashFirst;
    private final Map<String, String> settings;
    private final HikariDataSource pool;
    private final WriterDoor door;

    /// @param hashFirst whether it asks which bodies are needed, then leaves out the others
    /// @param settings those under `outrider.ingest` that differ from their defaults
    public OutriderArm(String url, boolean hashFirst, Map<String, String> settings) throws SQLException {
        this.hashFirst = hashFirst;
        this.settings = settings;
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2);
        pool = new HikariDataSource(config);
        door = new WriterDoor(pool, settings);
    }

    @Override
    public String name() {
        return hashFirst ? "ours, hash-first" : "ours";
    }

    @Override
    public String settings() {
        return settings.isEmpty() ? "defaults" : settings.toString();
    }

    @Override
    public void write(List<Batch> reports) {
        var outcomes = hashFirst
                ? reports.stream().flatMap(report -> ask(report).stream()).toList()
                : door.write(reports.stream().flatMap(Batch::lines));
        for (var outcome : outcomes) {
            if (outcome.kind() != ReportOutcome.Kind.APPLIED && outcome.kind() != ReportOutcome.Kind.UNCHANGED) {
                throw new BenchException("a report came to nothing: " + outcome);
            }
        }
    }

    private List<ReportOutcome> ask(Batch report) {
        var known = door.known(report.header(), report.question());
        return door.write(report.lines(known::get));
    }

    @Override
    public void close() {
        door.close();
        pool.close();
    }
}
