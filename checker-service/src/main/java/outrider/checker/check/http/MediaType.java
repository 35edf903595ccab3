package outrider.checker.check.http;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import outrider.checker.egress.Fetched;

/// What browsers take an answer's content for (WHATWG MIME Sniffing).
final class MediaType {

    private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");
    /// How a page may begin that does not say what it is (section 7.1).
    private static final List<String> BEGINNINGS = List.of(
            "<!doctype html",
            "<html",
            "<head",
            "<script",
            "<iframe",
            "<h1",
            "<div",
            "<font",
            "<table",
            "<a",
            "<style",
            "<title",
            "<b",
            "<body",
            "<br",
            "<p",
            "<!--");
    private static final int SNIFFED = 1_445;

    private MediaType() {}

    static boolean isHtml(Fetched.Response response) {
        var named = name(response);
        return named.map(HTML::contains).orElseGet(() -> !mayNotBeSniffed(response) && looksLikeHtml(response.body()));
    }

    /// The type without its parameters, in lower case; empty if the answer does not say.
    static Optional<String> name(Fetched.Response response) {
        return response.header("Content-Type")
                .map(value -> Tokens.before(value, ";,").strip().toLowerCase(Locale.ROOT))
                .filter(name -> name.indexOf('/') > 0);
    }

    /// The character set that the answer names, if it is a known one.
    static Optional<Charset> charset(Fetched.Response response) {
        return response.header("Content-Type").flatMap(MediaType::charset);
    }

    /// Whether the answer forbids browsers to guess (Fetch, section 3.6): of several values the first counts.
    static boolean mayNotBeSniffed(Fetched.Response response) {
        return response.header("X-Content-Type-Options")
                .map(value -> Tokens.before(value, ",").strip())
                .filter("nosniff"::equalsIgnoreCase)
                .isPresent();
    }

    private static Optional<Charset> charset(String contentType) {
        for (var parameter : Tokens.parts(contentType, ';')) {
            if (parameter.regionMatches(true, 0, "charset=", 0, 8)) {
                return known(parameter.substring(8).strip().replace("\"", ""));
            }
        }
        return Optional.empty();
    }

    private static Optional<Charset> known(String name) {
        try {
            return Charset.isSupported(name) ? Optional.of(Charset.forName(name)) : Optional.empty();
        } catch (IllegalCharsetNameException e) {
            return Optional.empty();
        }
    }

    private static boolean looksLikeHtml(byte[] body) {
        var start = new String(body, 0, Math.min(body.length, SNIFFED), StandardCharsets.ISO_8859_1)
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        return BEGINNINGS.stream()
                .filter(start::startsWith)
                .anyMatch(beginning -> beginning.equals("<!--")
                        || start.length() > beginning.length() && " >".indexOf(start.charAt(beginning.length())) >= 0);
    }
}
