package outrider.checker.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.util.Objects;

/// A temporary file without a name.
///
/// It is unlinked as soon as it is open, so the disk has its space back when it is closed or when this
/// process ends, even by a kill: there is never anything to sweep up. It is not a channel, because an
/// interrupt would close that.
final class SpoolFile implements AutoCloseable {

    /// A lane drops the result of a scan that was stopped or whose partition has left, and tells nobody.
    private static final Cleaner CLEANER = Cleaner.create();

    private final Held held;
    private final Cleaner.Cleanable cleanable;

    private SpoolFile(Held held) {
        this.held = held;
        this.cleanable = CLEANER.register(this, held);
    }

    static SpoolFile create(Spool spool) throws IOException {
        var path = Files.createTempFile(spool.directory(), "outrider-report-", ".gz");
        try {
            return new SpoolFile(new Held(spool, new RandomAccessFile(path.toFile(), "rw")));
        } finally {
            Files.delete(path);
        }
    }

    long length() {
        return held.length();
    }

    /// Appends; not for several threads.
    OutputStream out() {
        return new Out();
    }

    /// Reads from the beginning, however many others do so too.
    InputStream in() {
        return new In();
    }

    @Override
    public void close() {
        cleanable.clean();
    }

    private static final class Held implements Runnable {

        private final Spool spool;
        private final RandomAccessFile file;
        private long length;

        Held(Spool spool, RandomAccessFile file) {
            this.spool = spool;
            this.file = file;
        }

        synchronized void append(byte[] bytes, int offset, int count) throws IOException {
            spool.take(count);
            length += count;
            file.write(bytes, offset, count);
        }

        synchronized int read(long position, byte[] bytes, int offset, int count) throws IOException {
            file.seek(position);
            return file.read(bytes, offset, count);
        }

        synchronized long length() {
            return length;
        }

        @Override
        public synchronized void run() {
            spool.giveBack(length);
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final class Out extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            held.append(bytes, offset, count);
        }
    }

    private final class In extends InputStream {

        private long position;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, bytes.length);
            var read = held.read(position, bytes, offset, count);
            position += Math.max(0, read);
            return read;
        }
    }
}
