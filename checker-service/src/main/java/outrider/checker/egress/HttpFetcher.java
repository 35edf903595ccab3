package outrider.checker.egress;

import java.net.URI;
import org.springframework.stereotype.Component;

/// Sends a GET and reads the answer, within bounds of size and time, over connections to addresses that the guard
/// has checked. Follows no redirect: each is a decision, and a check of the guard, of its own.
@Component
public final class HttpFetcher {

    /// The most of a body that anybody may ask for, in bytes.
    public static final int MAX_BODY = 1 << 20;

    private final Hosts hosts;
    private final EgressProperties properties;

    HttpFetcher(Hosts hosts, EgressProperties properties) {
        this.hosts = hosts;
        this.properties = properties;
    }

    /// Begins requests that belong together; whoever begins it closes it.
    public Visit visit() {
        return new Visit(hosts, properties);
    }

    /// The answer to a GET of that `http` or `https` URL, with at most `bodyLimit` bytes of its body, decompressed.
    /// Never an exception for what the server does. An answer whose body breaks off or takes too long is one
    /// all the same, and [truncated][Fetched.Response#truncated].
    ///
    /// @param more headers to send along
    public Fetched fetch(URI url, int bodyLimit, Fetched.Header... more) throws InterruptedException {
        try (var visit = visit()) {
            return visit.fetch(url, bodyLimit, more);
        }
    }
}
