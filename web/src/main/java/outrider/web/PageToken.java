package outrider.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import outrider.scan.Wire;
import tools.jackson.core.JacksonException;

/// An opaque keyset cursor: where the last page ended.
public final class PageToken {

    /// The most and the usual number of items on a page.
    public static final int MAX_LIMIT = 500;

    public static final int DEFAULT_LIMIT = 50;

    private PageToken() {}

    /// The cursor behind an item with these sort keys.
    public static String encode(Object... keys) {
        var json = Wire.write(Stream.of(keys).map(Object::toString).toList());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    /// The sort keys in a cursor; a problem document says so when it is not one of ours.
    public static List<String> decode(String token, int keys) {
        try {
            var json = Base64.getUrlDecoder().decode(token.getBytes(StandardCharsets.ISO_8859_1));
            var parts = List.of(Wire.JSON.readValue(json, String[].class));
            if (parts.size() == keys) {
                return parts;
            }
        } catch (IllegalArgumentException | JacksonException | NullPointerException e) {
            // Falls through: whatever it was, it is not a cursor of this list.
        }
        throw ProblemException.malformed("page_token", "not a token of this list; leave it out to start over");
    }

    /// The page size to use for a `limit` parameter; a problem document names the bounds.
    public static int limit(@Nullable Integer limit) {
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be 1 to %d".formatted(MAX_LIMIT));
        }
        return limit;
    }
}
