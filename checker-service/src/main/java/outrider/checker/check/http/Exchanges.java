package outrider.checker.check.http;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;
import outrider.checker.egress.Visit;

/// The requests of one scan. Each address is asked once in the same way, however many ways lead to it.
final class Exchanges implements AutoCloseable {

    private final Visit visit;
    private final Map<Request, Exchange> exchanges = new ConcurrentHashMap<>();

    Exchanges(Visit visit) {
        this.visit = visit;
    }

    private record Request(URI url, List<Fetched.Header> headers) {}

    Fetched get(URI url, Fetched.Header... more) throws InterruptedException {
        return exchanges
                .computeIfAbsent(new Request(url, List.of(more)), Exchange::new)
                .get();
    }

    @Override
    public void close() {
        visit.close();
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
                    fetched = visit.fetch(
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
