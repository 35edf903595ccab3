package outrider.checker.check.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Fetched.Header;
import outrider.checker.egress.Trouble;
import outrider.scan.Endpoint;

/// Builds what an endpoint answered, without a network.
final class Way {

    private final Endpoint endpoint;
    private final List<Hop> hops = new ArrayList<>();

    private Way(String endpoint) {
        this.endpoint = Endpoint.of(endpoint);
    }

    static Way from(String endpoint) {
        return new Way(endpoint);
    }

    /// One answer, with headers in pairs of name and value.
    Way answers(String url, int status, String... headers) {
        return answers(url, status, Optional.empty(), headers);
    }

    Way answersUntrusted(String url, int status, String objection, String... headers) {
        return answers(url, status, Optional.of(objection), headers);
    }

    /// A page, with more headers in pairs of name and value.
    Way shows(String url, String html, String... headers) {
        var more = new String[headers.length + 2];
        System.arraycopy(headers, 0, more, 2, headers.length);
        more[0] = "Content-Type";
        more[1] = "text/html; charset=utf-8";
        return answers(url, 200, html.getBytes(StandardCharsets.UTF_8), Optional.empty(), more);
    }

    HttpObservation arrived() {
        return new HttpObservation(
                endpoint, hops, new End.Arrived(), Page.of(hops.getLast().response()));
    }

    HttpObservation ends(End end) {
        return new HttpObservation(endpoint, hops, end);
    }

    HttpObservation fails(String url, Trouble.Kind kind, String reason) {
        return ends(new End.Failed(URI.create(url), new Trouble(kind, reason)));
    }

    private Way answers(String url, int status, Optional<String> objection, String... headers) {
        return answers(url, status, new byte[0], objection, headers);
    }

    private Way answers(String url, int status, byte[] body, Optional<String> objection, String... headers) {
        var fields = new ArrayList<Header>();
        for (var i = 0; i < headers.length; i += 2) {
            fields.add(new Header(headers[i], headers[i + 1]));
        }
        hops.add(new Hop(new Fetched.Response(URI.create(url), status, fields, List.of(), body), objection));
        return this;
    }
}
