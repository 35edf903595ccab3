package outrider.insights.ingest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import outrider.insights.database.CountedSockets;

/// Counts how often the driver flushes what it wrote to the database: a flush is a message to wait for.
public final class CountingSockets extends CountedSockets {

    static final AtomicInteger FLUSHES = new AtomicInteger();

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public OutputStream getOutputStream() throws IOException {
                return new FilterOutputStream(super.getOutputStream()) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(bytes, offset, length);
                    }

                    @Override
                    public void flush() throws IOException {
                        FLUSHES.incrementAndGet();
                        super.flush();
                    }
                };
            }
        };
    }
}
