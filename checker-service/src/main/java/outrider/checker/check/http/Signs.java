package outrider.checker.check.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import outrider.checker.egress.Fetched;

/// Signs by which an answer is known to come from somebody other than the site, read from a data file; the file
/// says what its lines mean. Plain pieces of text, looked for in the first part of short bodies: no page can make
/// this slow.
final class Signs {

    private static final int STUB = 2 * 1024;
    private static final int SMALL = 32 * 1024;
    private static final int MOST = 64 * 1024;

    private final List<Sign> signs;

    private Signs(List<Sign> signs) {
        this.signs = List.copyOf(signs);
    }

    private record Sign(String provider, Where where, String text) {}

    private enum Where {
        HEADER,
        REFUSED,
        SMALL,
        STUB,
        HOST,
        PATH
    }

    /// An [IllegalStateException] for a file that is missing or malformed.
    static Signs read(String file) {
        var signs = new ArrayList<Sign>();
        for (var line : lines(file)) {
            var parts = line.split(" \\| ", 3);
            if (parts.length < 3) {
                throw new IllegalStateException("%s: '%s' is not provider | where | sign".formatted(file, line));
            }
            signs.add(new Sign(parts[0], Where.valueOf(parts[1].toUpperCase(Locale.ROOT)), parts[2]));
        }
        return new Signs(signs);
    }

    /// The lines of one of our data files, comments left out.
    static List<String> lines(String file) {
        try (var in = Signs.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The data file %s is missing".formatted(file));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The data file %s cannot be read".formatted(file), e);
        }
    }

    /// Who answered instead of the site.
    Optional<String> provider(Fetched.Response response) {
        var length = response.body().length;
        var body =
                length > MOST ? "" : new String(response.body(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return signs.stream()
                .filter(sign -> switch (sign.where()) {
                    case HEADER -> hasHeader(response, sign.text());
                    case REFUSED -> isRefusal(response.status()) && body.contains(sign.text());
                    case SMALL -> length <= SMALL && body.contains(sign.text());
                    case STUB -> length <= STUB && body.contains(sign.text());
                    case HOST -> isBelow(response.url().getHost(), sign.text());
                    case PATH -> sign.text().equals(response.url().getPath());
                })
                .map(Sign::provider)
                .findFirst();
    }

    /// Whose host that is.
    Optional<String> provider(String host) {
        return signs.stream()
                .filter(sign -> sign.where() == Where.HOST && isBelow(host, sign.text()))
                .map(Sign::provider)
                .findFirst();
    }

    private static boolean hasHeader(Fetched.Response response, String sign) {
        var colon = sign.indexOf(": ");
        return colon < 0
                ? response.header(sign).isPresent()
                : response.headers(sign.substring(0, colon)).stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).startsWith(sign.substring(colon + 2)));
    }

    private static boolean isRefusal(int status) {
        return status >= 400 || status == 202;
    }

    private static boolean isBelow(String host, String domain) {
        return host.equalsIgnoreCase(domain) || host.toLowerCase(Locale.ROOT).endsWith("." + domain);
    }
}
