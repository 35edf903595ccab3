package outrider.checker.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import outrider.embedded.site.Behaviour;

/// What a [HostServer] answers to one path.
///
/// @param trouble what goes wrong; null if nothing does
/// @param reflect a header of the request, and one of the answer that says the same
/// @param raw sent instead of HTTP
/// @param headers a list for a header that is sent several times
/// @param repeat how many times the body says what it says
record HostPage(
        @Nullable Trouble trouble,
        @Nullable List<String> reflect,
        @Nullable String raw,
        @Nullable Integer status,
        @Nullable Map<String, List<String>> headers,
        @Nullable String body,
        @Nullable Integer repeat) {

    enum Trouble {
        HANG,
        RESET,
        ENDLESS,
        DRIP,
        GZIP
    }

    /// @param filled puts values in for placeholders
    Behaviour behaviour(UnaryOperator<String> filled) {
        if (raw != null) {
            return new Behaviour.Raw(filled.apply(raw).replace("\n", "\r\n"));
        }
        var lines = headers(filled);
        var text = filled.apply(body == null ? "" : body).repeat(repeat == null ? 1 : repeat);
        var answer = new Behaviour.Answer(status == null ? 200 : status, lines, text);
        return switch (trouble) {
            case null ->
                reflect == null ? answer : new Behaviour.Reflect(answer, reflect.getFirst(), reflect.getLast());
            case HANG -> new Behaviour.Hang();
            case RESET -> new Behaviour.Reset();
            case ENDLESS -> new Behaviour.Endless(lines);
            case DRIP -> new Behaviour.Drip(answer, Duration.ofMillis(200));
            case GZIP -> gzipped(answer);
        };
    }

    /// A header that is sent several times is one that has line breaks in it.
    private Map<String, String> headers(UnaryOperator<String> filled) {
        var lines = new LinkedHashMap<String, String>();
        if (headers != null) {
            headers.forEach((name, values) -> lines.put(name, filled.apply(String.join("\r\n" + name + ": ", values))));
        }
        return lines;
    }

    private static Behaviour gzipped(Behaviour.Answer answer) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(answer.body().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var head = new StringBuilder(
                "HTTP/1.1 %d Status\r\nConnection: close\r\nContent-Encoding: gzip\r\n".formatted(answer.status()));
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return new Behaviour.Raw(head
                + "Content-Length: %d\r\n\r\n".formatted(packed.size())
                + packed.toString(StandardCharsets.ISO_8859_1));
    }
}
