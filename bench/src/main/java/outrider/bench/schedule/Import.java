package outrider.bench.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;

/// How fast assets are taken in as a stream, and whether the heap grows with them.
final class Import {

    private final Service service;
    private final Tables tables;
    private final Scale scale;
    private final int repetitions;
    private final PrintStream out;

    Import(Service service, Tables tables, Scale scale, int repetitions, PrintStream out) {
        this.service = service;
        this.tables = tables;
        this.scale = scale;
        this.repetitions = repetitions;
        this.out = out;
    }

    void run(Figures figures) throws IOException, InterruptedException {
        var perSecond = new ArrayList<Double>();
        var growth = new ArrayList<Double>();
        for (var repetition = 1; repetition <= repetitions; repetition++) {
            Progress.say("import, repetition " + repetition);
            tables.run("truncate scheduler.scope, scheduler.asset, scheduler.outbox");
            var lines = new Lines(scale.imported());
            var begin = System.nanoTime();
            var last = service.stream("/v1/accounts/%s/assets:import".formatted(tables.account("free")), lines);
            if (!last.contains("\"created\":" + scale.imported())) {
                throw new BenchException("not all lines were imported: " + last);
            }
            perSecond.add(scale.imported() * 1e9 / (System.nanoTime() - begin));
            growth.add(lines.growth());
        }
        figures.put("import_rows_per_s", Spread.of(perSecond).median());
        figures.put("import_heap_growth_mb", Spread.of(growth).median());
        var table = new Table("Import", "lines", "per second", "range", "heap growth MB")
                .note(
                        "Live heap of client and server together after nine tenths of the lines, less that after a tenth.");
        table.row(
                "%,d".formatted(scale.imported()),
                Spread.of(perSecond).middle(),
                Spread.of(perSecond).range(),
                Spread.of(growth).middle());
        table.print(out);
    }

    /// Makes the lines as they are read, and looks at the heap on the way.
    private static final class Lines extends InputStream {

        private final int count;
        private int made;
        private byte[] line = new byte[0];
        private int position;
        private long early;
        private long late;

        Lines(int count) {
            this.count = count;
        }

        /// In MB.
        double growth() {
            return (late - early) / 1e6;
        }

        @Override
        public int read() {
            return next() ? line[position++] : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (!next()) {
                return -1;
            }
            var some = Math.min(length, line.length - position);
            System.arraycopy(line, position, bytes, offset, some);
            position += some;
            return some;
        }

        private boolean next() {
            if (position < line.length) {
                return true;
            }
            if (made == count) {
                return false;
            }
            made++;
            if (made == count / 10) {
                early = used();
            }
            if (made == count / 10 * 9) {
                late = used();
            }
            line =
                    "{\"kind\":\"zone\",\"name\":\"customer-%d.example\",\"endpoints\":[\"https://www.customer-%d.example\"]}\n"
                            .formatted(made, made)
                            .getBytes(StandardCharsets.UTF_8);
            position = 0;
            return true;
        }

        private static long used() {
            System.gc();
            var runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }
}
