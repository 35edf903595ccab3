package outrider.checker.check.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import outrider.checker.egress.Fetched;

/// What was found where a `security.txt` may be.
sealed interface FoundText {

    Set<Integer> MISSING = Set.of(404, 410);

    /// One.
    record File(SecurityTxt content, Fetched.Response response) implements FoundText {}

    /// A text with nothing in it that only a `security.txt` has: a poor one, or what the site says everywhere.
    record Anything(SecurityTxt content, Fetched.Response response) implements FoundText {}

    /// None. A page in its place is none either: many sites answer every address with a page.
    record Nothing() implements FoundText {}

    /// The way to it leads over plain HTTP.
    record Exposed(String location) implements FoundText {}

    record Unclear(String why) implements FoundText {}

    static FoundText of(Fetched answer) {
        return switch (answer) {
            case Fetched.Failed(var url, var trouble) -> new Unclear("%s: %s".formatted(url, trouble.reason()));
            case Fetched.Response response ->
                Obstacles.of(response).<FoundText>map(Unclear::new).orElseGet(() -> of(response));
        };
    }

    /// The same once it is known what the site answers where nothing can be.
    default FoundText given(Optional<Fetched> nowhere) {
        if (!(this instanceof Anything(var content, var response)) || nowhere.isEmpty()) {
            return this;
        }
        return switch (nowhere.get()) {
            case Fetched.Failed(var url, var trouble) -> new Unclear(trouble.reason());
            case Fetched.Response other ->
                Obstacles.of(other)
                        .<FoundText>map(Unclear::new)
                        .orElseGet(() -> other.status() < 300 ? new Nothing() : new File(content, response));
        };
    }

    private static FoundText of(Fetched.Response response) {
        if (MISSING.contains(response.status())) {
            return new Nothing();
        }
        var location = Redirects.location(response);
        if (location.isPresent()) {
            return location.get().strip().toLowerCase(Locale.ROOT).startsWith("http:")
                    ? new Exposed(location.get())
                    : new Unclear("%s redirects too often, or nowhere".formatted(response.url()));
        }
        if (response.status() >= 300) {
            return new Unclear("%s answered %d".formatted(response.url(), response.status()));
        }
        if (response.truncated()) {
            return new Unclear("%s did not come in full".formatted(response.url()));
        }
        var text = new String(response.body(), StandardCharsets.UTF_8);
        if (isPage(response, text)) {
            return new Nothing();
        }
        var content = SecurityTxt.parse(text);
        return content.isEmpty() ? new Anything(content, response) : new File(content, response);
    }

    private static boolean isPage(Fetched.Response response, String text) {
        var type = type(response);
        return type.equals("text/html")
                || type.equals("application/xhtml+xml")
                || text.stripLeading().startsWith("<");
    }

    /// The media type without its parameters, in lower case; empty if the answer names none.
    static String type(Fetched.Response response) {
        var value = response.header("Content-Type").orElse("");
        var semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
