package outrider.checker.check.http;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;

/// The requests of one scan. Each address is asked once, however many ways lead to it.
final class Exchanges {

    private final HttpFetcher http;
    private final Map<URI, Exchange> exchanges = new ConcurrentHashMap<>();

    Exchanges(HttpFetcher http) {
        this.http = http;
    }

    Fetched get(URI url) throws InterruptedException {
        return exchanges.computeIfAbsent(url, Exchange::new).get();
    }

    private final class Exchange {

        private final URI url;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Fetched fetched;

        Exchange(URI url) {
            this.url = url;
        }

        Fetched get() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                if (fetched == null) {
                    fetched = http.fetch(url, HttpFetcher.MAX_BODY);
                }
                return fetched;
            } finally {
                lock.unlock();
            }
        }
    }
}
