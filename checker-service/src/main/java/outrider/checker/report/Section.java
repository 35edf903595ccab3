package outrider.checker.report;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

/// The lines of one kind of a report that is being written: in memory, or zipped on disk.
final class Section implements AutoCloseable {

    private static final int BUFFER = 32 * 1024;

    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable SpoolFile file;
    private @Nullable OutputStream zipped;
    private long lines;

    void add(ReportLine line) throws IOException {
        lines++;
        (zipped == null ? memory : zipped).write(encode(line));
    }

    long lines() {
        return lines;
    }

    int inMemory() {
        return memory.size();
    }

    byte[] bytes() {
        return memory.toByteArray();
    }

    /// Moves what there is to disk, where all that comes later will go.
    void spill(Spool spool) throws IOException {
        file = SpoolFile.create(spool);
        zipped = zip(file.out());
        memory.writeTo(zipped);
        memory.reset();
    }

    /// Ends a section that was spilled.
    void end() throws IOException {
        requireNonNull(zipped).close();
    }

    /// The file, which is the caller's from then on.
    SpoolFile hand() {
        var finished = requireNonNull(file);
        file = null;
        zipped = null;
        return finished;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    /// Speed matters more than the last bytes: names and texts repeat so much that little is lost.
    static OutputStream zip(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, BUFFER) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        };
    }

    /// A line as it goes over the wire, with its end.
    static byte[] encode(ReportLine line) {
        var json = Wire.write(line);
        var bytes = Arrays.copyOf(json, json.length + 1);
        bytes[json.length] = '\n';
        return bytes;
    }
}
