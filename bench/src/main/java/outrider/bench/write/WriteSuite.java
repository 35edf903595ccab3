package outrider.bench.write;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import outrider.bench.Asked;
import outrider.bench.BenchException;
import outrider.bench.Figures;

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
            var rig = new Rig(server, server.create("write"), out, Asked.repetitions(scale.repetitions()));
            if (Asked.wanted("small")) {
                new Small(rig, scale).run(figures);
            }
            if (Asked.wanted("large")) {
                new Large(rig, scale).run(figures);
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
        return figures;
    }
}
