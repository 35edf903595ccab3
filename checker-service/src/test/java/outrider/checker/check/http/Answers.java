package outrider.checker.check.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Trouble;
import outrider.scan.Endpoint;

/// Answers with bodies, without a network.
final class Answers {

    private Answers() {}

    /// An answer with headers in pairs of name and value.
    static Fetched.Response answer(String url, int status, String body, String... headers) {
        var fields = new ArrayList<Fetched.Header>();
        for (var i = 0; i < headers.length; i += 2) {
            fields.add(new Fetched.Header(headers[i], headers[i + 1]));
        }
        return new Fetched.Response(URI.create(url), status, fields, List.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    static Fetched.Failed timeout(String url) {
        return new Fetched.Failed(URI.create(url), new Trouble(Trouble.Kind.TIMEOUT, "it did not answer in time"));
    }

    /// What is seen of an endpoint that gives these answers one after the other.
    static HttpObservation seen(String endpoint, Fetched.Response... answers) {
        return new HttpObservation(
                Endpoint.of(endpoint),
                List.of(answers).stream()
                        .map(answer -> new Hop(answer, Optional.empty()))
                        .toList(),
                new End.Arrived());
    }
}
