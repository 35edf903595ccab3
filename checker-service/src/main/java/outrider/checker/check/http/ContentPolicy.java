package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import outrider.checker.egress.Fetched;

/// One content security policy (CSP level 3, section 2.2). A page may have several; what any of them forbids is
/// forbidden.
///
/// @param directives by name in lower case, with the words of their values as written
record ContentPolicy(Map<String, List<String>> directives) {

    /// What a `meta` element cannot say (HTML, section 4.2.5.3).
    private static final Set<String> HEADER_ONLY = Set.of("frame-ancestors", "report-uri", "sandbox");

    ContentPolicy {
        directives = Map.copyOf(directives);
    }

    /// The policies that an answer's headers enforce.
    static List<ContentPolicy> enforced(Fetched.Response response) {
        return response.headers("Content-Security-Policy").stream()
                .flatMap(ContentPolicy::list)
                .toList();
    }

    /// The policies that a page is under, by header and by `meta` element.
    static List<ContentPolicy> enforced(Fetched.Response response, Page page) {
        return Stream.concat(
                        enforced(response).stream(),
                        page.policies().stream().flatMap(text -> parse(text, HEADER_ONLY).stream()))
                .toList();
    }

    /// The policies in the value of a header: a comma separates them.
    static Stream<ContentPolicy> list(String header) {
        return Tokens.parts(header, ',').stream().flatMap(text -> parse(text, Set.of()).stream());
    }

    /// Reads one policy; empty if it has no directives. Of a directive given twice the first counts.
    private static Optional<ContentPolicy> parse(String text, Set<String> ignored) {
        var directives = new HashMap<String, List<String>>();
        for (var part : Tokens.parts(text, ';')) {
            var words = Tokens.words(part);
            if (!words.isEmpty() && part.chars().allMatch(c -> c < 0x80)) {
                var name = words.getFirst().toLowerCase(Locale.ROOT);
                directives.putIfAbsent(name, List.copyOf(words.subList(1, words.size())));
            }
        }
        directives.keySet().removeAll(ignored);
        return directives.isEmpty() ? Optional.empty() : Optional.of(new ContentPolicy(directives));
    }

    /// The value of the first of these directives that the policy has: each stands in for the one before it.
    Optional<SourceList> sources(String... names) {
        return Stream.of(names)
                .filter(directives::containsKey)
                .findFirst()
                .map(name -> new SourceList(directives.getOrDefault(name, List.of())));
    }

    boolean has(String directive) {
        return directives.containsKey(directive);
    }

    /// Whether it is a sandbox in which no script runs.
    boolean forbidsScripts() {
        return has("sandbox")
                && directives.getOrDefault("sandbox", List.of()).stream().noneMatch("allow-scripts"::equalsIgnoreCase);
    }

    /// These directives as written, as far as the policy has them.
    List<String> shown(String... names) {
        var shown = new ArrayList<String>();
        for (var name : names) {
            if (has(name)) {
                shown.add((name + " " + new SourceList(directives.getOrDefault(name, List.of())).shown()).strip());
            }
        }
        return shown;
    }
}
