package outrider.insights.database;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/// The driver's sockets, watched: whoever is in a [DatabaseUse] has each round trip, and the time until its answer, put
/// on the bill.
///
/// A round trip is to read after having written. That is so with and without TLS, and counts what no JDBC proxy sees: a
/// `begin` that rides along, a statement the driver describes first, a batch it has to cut in two. The driver makes one
/// by the name in its property `socketFactory`.
public class CountedSockets extends SocketFactory {

    @Override
    public Socket createSocket() {
        return new CountedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    private static final class CountedSocket extends Socket {

        private volatile boolean asked;

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(int b) throws IOException {
                    asked = true;
                    out.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    asked = true;
                    out.write(bytes, offset, length);
                }
            };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    var use = DatabaseUse.current();
                    if (use == null) {
                        asked = false;
                        return in.read(bytes, offset, length);
                    }
                    var started = System.nanoTime();
                    try {
                        return in.read(bytes, offset, length);
                    } finally {
                        use.addAnswer(System.nanoTime() - started, asked);
                        asked = false;
                    }
                }
            };
        }
    }
}
