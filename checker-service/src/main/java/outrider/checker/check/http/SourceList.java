package outrider.checker.check.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What one directive of a content security policy lets load (CSP level 3, section 2.3.1): nothing where it is
/// empty or says `'none'`.
///
/// @param expressions as written
record SourceList(List<String> expressions) {

    private static final Set<String> ANY_HOST = Set.of("*", "http:", "https:");
    private static final Set<String> HASHES = Set.of("sha256", "sha384", "sha512");

    SourceList {
        expressions = List.copyOf(expressions);
    }

    /// Whether any host may serve it. With `'strict-dynamic'` lists of hosts do not count for scripts.
    boolean allowsAnyHost() {
        return expressions.stream().anyMatch(SourceList::isAnyHost);
    }

    boolean allowsDataUrls() {
        return has("data:");
    }

    boolean allowsEval() {
        return has("'unsafe-eval'");
    }

    boolean isStrictDynamic() {
        return has("'strict-dynamic'");
    }

    /// Whether it names single scripts instead of places.
    boolean namesScripts() {
        return expressions.stream().anyMatch(expression -> isNonce(expression) || isHash(expression));
    }

    /// Whether any inline script runs: a nonce, a hash or `'strict-dynamic'` takes `'unsafe-inline'` away (section
    /// 6.7.3.2).
    boolean allowsAllInlineScripts() {
        return has("'unsafe-inline'") && !namesScripts() && !isStrictDynamic();
    }

    /// As written, but for nonces, which differ in every answer.
    String shown() {
        return String.join(
                " ",
                expressions.stream()
                        .map(expression -> isNonce(expression) ? "'nonce-…'" : expression)
                        .toList());
    }

    private boolean has(String keyword) {
        return expressions.stream().anyMatch(keyword::equalsIgnoreCase);
    }

    private static boolean isAnyHost(String expression) {
        var lower = expression.toLowerCase(Locale.ROOT);
        if (ANY_HOST.contains(lower)) {
            return true;
        }
        var scheme = lower.indexOf("://");
        return Tokens.before(scheme < 0 ? lower : lower.substring(scheme + 3), ":/")
                .equals("*");
    }

    private static boolean isNonce(String expression) {
        var lower = expression.toLowerCase(Locale.ROOT);
        return lower.startsWith("'nonce-") && isQuotedBase64(lower, 7);
    }

    private static boolean isHash(String expression) {
        var lower = expression.toLowerCase(Locale.ROOT);
        return lower.length() > 8
                && lower.charAt(0) == '\''
                && HASHES.contains(lower.substring(1, 7))
                && lower.charAt(7) == '-'
                && isQuotedBase64(lower, 8);
    }

    /// `base64-value` of section 2.3.1 up to the closing quotation mark.
    private static boolean isQuotedBase64(String lower, int from) {
        var end = lower.length() - 1;
        if (end <= from || lower.charAt(end) != '\'') {
            return false;
        }
        var padding = 0;
        while (padding < 2 && end > from && lower.charAt(end - 1) == '=') {
            end--;
            padding++;
        }
        return end > from
                && lower.substring(from, end)
                        .chars()
                        .allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "+/-_".indexOf(c) >= 0);
    }
}
