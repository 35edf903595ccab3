package outrider.bench.lanes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What a consumer did, in order, in a file that outlives a kill -9 of its process.
final class EventLog implements AutoCloseable {
    private static final int BYTES = 5;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    private int size;

    /// @param number of the job; of a commit, how many events came before it was put together
    record Event(Kind kind, int number) {}

    enum Kind {
        POLLED,
        STARTED,
        ENDED,
        COMMITTED
    }

    EventLog(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /// How many events there are.
    synchronized int size() {
        return size;
    }

    synchronized void add(Kind kind, int number) {
        try {
            buffer.clear().put((byte) kind.ordinal()).putInt(number).flip();
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            size++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is there by now; a last event cut off by the kill is left out.
    static List<Event> read(Path path) throws IOException {
        var bytes = ByteBuffer.wrap(Files.exists(path) ? Files.readAllBytes(path) : new byte[0]);
        var events = new ArrayList<Event>(bytes.remaining() / BYTES);
        while (bytes.remaining() >= BYTES) {
            events.add(new Event(Kind.values()[bytes.get()], bytes.getInt()));
        }
        return events;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
