package outrider.checker.check;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckDefinition;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The profiles of `corpus/*.yml`.
///
/// A profile is written as what sets it apart from the one it is `like`: maps are merged key by key, anything else is
/// replaced, `null` takes away. So are its verdicts: `expect` has lines for one check (`dns.spf`), for those of one
/// checker
/// (`dns.*`) or for all (`*`), the later line winning, each with one verdict for all subjects or one for each subject:
/// `domain` (the asset), `https`, `http`. The result is a verdict for every cell, that is every check and subject:
///
/// - `PASS`;
/// - `FAIL` and the details of its problems with commas between them, each followed by its severity where that is not
///   the check's own, and by `TENTATIVE` where the check is not sure;
/// - `NOT_APPLICABLE` or `ERROR`, and words that the reason must contain.
final class Corpus {

    private static final List<String> FILES =
            List.of("healthy", "mail", "names", "tls", "redirects", "pages", "trouble");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .build();
    private static final TypeReference<List<Map<String, Object>>> PROFILES = new TypeReference<>() {};

    private final Map<String, Map<String, Object>> read = new LinkedHashMap<>();
    private final List<CheckDefinition> checks = List.copyOf(CheckCatalog.load().checks());

    static List<HostProfile> load() {
        var corpus = new Corpus();
        FILES.forEach(corpus::read);
        return corpus.read.values().stream()
                .filter(profile -> !Boolean.TRUE.equals(profile.get("abstract")))
                .map(profile -> YAML.convertValue(profile, HostProfile.class))
                .toList();
    }

    /// Whose subjects are named so.
    static List<String> subjects(CheckDefinition check) {
        return switch (check.checker()) {
            case "dns" -> List.of("domain");
            case "tls" -> List.of("https");
            default -> List.of("https", "http");
        };
    }

    private void read(String file) {
        try (InputStream in =
                Objects.requireNonNull(Corpus.class.getResourceAsStream("/corpus/%s.yml".formatted(file)), file)) {
            for (var profile : YAML.readValue(in, PROFILES)) {
                var name = (String) profile.get("name");
                if (read.putIfAbsent(name, resolve(profile)) != null) {
                    throw new IllegalArgumentException("two profiles are called " + name);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(file, e);
        }
    }

    private Map<String, Object> resolve(Map<String, Object> profile) {
        var own = new LinkedHashMap<>(profile);
        var like = profile.containsKey("like")
                ? Objects.requireNonNull(read.get(profile.get("like")), () -> "like whom? " + profile)
                : Map.<String, Object>of();
        var verdicts = new LinkedHashMap<>(map(like.getOrDefault("verdicts", Map.of())));
        map(own.getOrDefault("expect", Map.of())).forEach((checks, text) -> expect(checks, text, verdicts));
        own.remove("expect");
        var merged = merge(like, own);
        merged.put("verdicts", verdicts);
        return merged;
    }

    private void expect(String pattern, Object text, Map<String, Object> verdicts) {
        var meant = checks.stream().filter(check -> matches(pattern, check)).toList();
        if (meant.isEmpty() && !pattern.startsWith("tls.")) {
            throw new IllegalArgumentException("no check is called " + pattern);
        }
        for (var check : meant) {
            var bySubject = text instanceof Map<?, ?> ? map(text) : new LinkedHashMap<String, Object>();
            if (bySubject.isEmpty()) {
                subjects(check).forEach(subject -> bySubject.put(subject, text));
            }
            bySubject.forEach((subject, verdict) -> verdicts.put(check.id() + " " + subject, verdict));
        }
    }

    private static boolean matches(String pattern, CheckDefinition check) {
        return pattern.equals("*")
                || pattern.equals(check.checker() + ".*")
                || pattern.equals(check.id().value());
    }

    private static Map<String, Object> merge(Map<String, Object> below, Map<String, Object> above) {
        var merged = new LinkedHashMap<>(below);
        above.forEach((key, value) -> {
            if (value == null) {
                merged.remove(key);
            } else {
                var old = merged.get(key);
                merged.put(key, old instanceof Map && value instanceof Map ? merge(map(old), map(value)) : value);
            }
        });
        return merged;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
