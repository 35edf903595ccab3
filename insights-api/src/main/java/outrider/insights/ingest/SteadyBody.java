package outrider.insights.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import outrider.web.ProblemException;

/// A body as it comes over the wire, which must keep coming: whoever sends it slower than the least rate, or stalls, is
/// given up, so that no body takes longer than its size allows.
///
/// A limit for a single read would not do: one byte a second breaks none.
final class SteadyBody extends FilterInputStream {

    private final RequestProperties limits;
    private final long started = System.nanoTime();
    private long bytes;

    SteadyBody(InputStream body, RequestProperties limits) {
        super(body);
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            var read = in.read(buffer, offset, length);
            bytes += Math.max(0, read);
            if (read >= 0 && System.nanoTime() - started > allowance().toNanos()) {
                throw tooSlow();
            }
            return read;
        } catch (SocketTimeoutException e) {
            throw tooSlow();
        }
    }

    private Duration allowance() {
        return limits.grace().plusMillis(1000 * bytes / limits.minRate().toBytes());
    }

    private ProblemException tooSlow() {
        return ProblemException.of(
                HttpStatus.REQUEST_TIMEOUT,
                "too-slow",
                "The body stalled or came slower than %d bytes a second; nothing was applied. Send it again."
                        .formatted(limits.minRate().toBytes()));
    }
}
