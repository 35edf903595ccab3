package outrider.checker.check.http;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;

/// The requests of one scan. Each address is asked once in the same way, however many ways lead to it.
final class Exchanges {

    private final HttpFetcher http;
    private final Map<Request, Exchange> exchanges = new ConcurrentHashMap<>();

    Exchanges(HttpFetcher http) {
        this.http = http;
    }

    private record Request(URI url, List<Fetched.Header> headers) {}

    Fetched get(URI url, Fetched.Header... more) throws InterruptedException {
        return exchanges
                .computeIfAbsent(new Request(url, List.of(more)), Exchange::new)
                .get();
    }

    private final class Exchange {

        private final Request request;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Fetched fetched;

        Exchange(Request request) {
            this.request = request;
        }

        Fetched get() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                if (fetched == null) {
                    fetched = http.fetch(
                            request.url(),
                            HttpFetcher.MAX_BODY,
                            request.headers().toArray(Fetched.Header[]::new));
                }
                return fetched;
            } finally {
                lock.unlock();
            }
        }
    }
}
