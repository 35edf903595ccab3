package outrider.checker.check.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;

/// What an HTML page says of itself and what it has browsers load. Scripts are not run and style sheets are not
/// read: what those load is not seen.
///
/// @param policies the content security policies in `meta` elements, as written
/// @param referrerPolicy the last one in a `meta` element, as written
/// @param headWhole whether the whole head was seen
/// @param whole whether all of the page was seen, and all it loads is listed
public record Page(
        List<String> policies,
        Optional<String> referrerPolicy,
        List<SubResource> resources,
        boolean headWhole,
        boolean whole) {

    public Page {
        policies = List.copyOf(policies);
        resources = List.copyOf(resources);
    }

    /// The page in an answer; empty if that is an error, or no HTML.
    static Optional<Page> of(Fetched.Response response) {
        return response.status() >= 200 && response.status() <= 299 && MediaType.isHtml(response)
                ? Optional.of(read(response))
                : Optional.empty();
    }

    private static Page read(Fetched.Response response) {
        var charset = MediaType.charset(response).map(known -> known.name()).orElse(null);
        var body = response.body();
        try {
            var document = Jsoup.parse(
                    new ByteArrayInputStream(body), charset, response.url().toString(), Parser.htmlParser());
            var reader = new PageReader(WebAddress.of(response.url()));
            document.filter(reader);
            var whole = !response.truncated() && body.length < HttpFetcher.MAX_BODY;
            return reader.page(whole, document.body().childNodeSize() > 0);
        } catch (IOException e) {
            throw new UncheckedIOException("A page in memory could not be read", e);
        }
    }
}
