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
public record HttpObservation(Endpoint endpoint, List<Hop> hops, End end) {

    public HttpObservation {
        hops = List.copyOf(hops);
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
    }

    /// Why it went no further.
    public sealed interface End {

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
