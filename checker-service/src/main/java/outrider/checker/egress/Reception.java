package outrider.checker.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has come of an answer so far. One thread receives it; another may ask at any time what there is, so that a
/// body which never ends does not take the head with it.
final class Reception {

    private static final int CHUNK = 8 * 1024;

    private final URI url;
    private final int bodyLimit;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Fetched.@Nullable Response head;

    Reception(URI url, int bodyLimit) {
        this.url = url;
        this.bodyLimit = bodyLimit;
    }

    synchronized void head(int status, List<Fetched.Header> headers, List<X509Certificate> chain) {
        head = new Fetched.Response(url, status, headers, chain, new byte[0]);
    }

    /// Receives as much of the body as was asked for, decompressed.
    Fetched.Response body(InputStream wire) throws IOException {
        if (bodyLimit == 0) {
            return answer(true);
        }
        try (var in = Decompression.of(answer(true).headers("Content-Encoding"), wire)) {
            var chunk = new byte[CHUNK];
            var left = bodyLimit;
            while (left > 0) {
                var read = in.read(chunk, 0, Math.min(left, chunk.length));
                if (read < 0) {
                    return whole();
                }
                add(chunk, read);
                left -= read;
            }
            return answer(in.read() >= 0);
        }
    }

    Fetched.Response whole() {
        return answer(false);
    }

    /// What there is if at least the head came; the trouble otherwise.
    synchronized Fetched orElse(Trouble trouble) {
        return head == null ? new Fetched.Failed(url, trouble) : answer(true);
    }

    private synchronized void add(byte[] chunk, int length) {
        body.write(chunk, 0, length);
    }

    private synchronized Fetched.Response answer(boolean truncated) {
        if (head == null) {
            throw new IllegalStateException("A body without a head");
        }
        return new Fetched.Response(url, head.status(), head.headers(), head.chain(), body.toByteArray(), truncated);
    }
}
