package outrider.checker.check.http;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Trouble;
import outrider.scan.Endpoint;

/// Where a request for the first page of an endpoint led, redirect by redirect.
///
/// @param hops the answers in order; empty if the endpoint itself did not answer
/// @param page what the last answer holds, if it is HTML and no error
/// @param probes what further requests brought
public record HttpObservation(Endpoint endpoint, List<Hop> hops, End end, Optional<Page> page, Probes probes) {

    public HttpObservation {
        hops = List.copyOf(hops);
    }

    /// Before any further request.
    HttpObservation(Endpoint endpoint, List<Hop> hops, End end, Optional<Page> page) {
        this(endpoint, hops, end, page, Probes.none());
    }

    /// The same without a page.
    HttpObservation(Endpoint endpoint, List<Hop> hops, End end) {
        this(endpoint, hops, end, Optional.empty());
    }

    HttpObservation with(Probes probes) {
        return new HttpObservation(endpoint, hops, end, page, probes);
    }

    /// One answer on the way.
    ///
    /// @param objection what a client that cares would object to in the certificate, to be put after "the
    /// certificate"; empty if nothing, and over plain HTTP
    public record Hop(Fetched.Response response, Optional<String> objection) {

        public URI url() {
            return response.url();
        }

        public boolean secure() {
            return "https".equals(url().getScheme());
        }

        /// Whether the endpoint itself gave this answer.
        boolean isOf(Endpoint endpoint) {
            var port = url().getPort() == -1 ? (secure() ? 443 : 80) : url().getPort();
            return secure() == endpoint.secure()
                    && endpoint.host().equalsIgnoreCase(url().getHost())
                    && port == endpoint.port();
        }
    }

    /// Why it went no further.
    public sealed interface End {

        /// Why the end of the way is not known; empty if it is.
        default Optional<String> unfinished() {
            return switch (this) {
                case Arrived arrived -> Optional.empty();
                case Failed(var url, var trouble) ->
                    Optional.of("it redirects to %s, and there: %s".formatted(url, trouble.reason()));
                case Circle(var url) ->
                    Optional.of("it redirects in a circle over %s, which may depend on cookies".formatted(url));
                case TooLong tooLong -> Optional.of("it redirects more often than browsers follow");
                case Nowhere(var location) -> Optional.of("it redirects to no web address: " + location);
            };
        }

        /// The last answer was no redirect.
        record Arrived() implements End {}

        /// The next one did not answer.
        record Failed(URI url, Trouble trouble) implements End {}

        /// The last redirect led to where it had been before.
        record Circle(URI url) implements End {}

        /// There were more redirects than browsers follow.
        record TooLong() implements End {}

        /// The last redirect led nowhere that a request could go.
        record Nowhere(String location) implements End {}
    }
}
