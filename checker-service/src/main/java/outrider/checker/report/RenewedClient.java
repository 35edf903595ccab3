package outrider.checker.report;

import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An HTTP client that is replaced now and then, and its connections with it.
///
/// A connection in constant use never ends by itself. It would stay with the replica it was opened to, while
/// others that came later have nothing to do, and with an address that its name no longer has.
final class RenewedClient implements AutoCloseable {

    private final long age;
    private final Time time;
    private HttpClient current = build();
    private @Nullable HttpClient previous;
    private long born;

    RenewedClient(Duration age, Time time) {
        this.age = age.toNanos();
        this.time = time;
        this.born = time.nanos();
    }

    /// The client for one request, to be sent now. One that is replaced ends what it has under way; it is shut
    /// down when its successor is replaced, so that nobody holds it who has not yet sent.
    synchronized HttpClient current() {
        var now = time.nanos();
        if (now - born >= age) {
            if (previous != null) {
                previous.shutdown();
            }
            previous = current;
            current = build();
            born = now;
        }
        return current;
    }

    private static HttpClient build() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    @Override
    public synchronized void close() {
        current.shutdownNow();
        if (previous != null) {
            previous.shutdownNow();
        }
    }
}
