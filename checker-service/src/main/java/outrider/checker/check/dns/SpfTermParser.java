package outrider.checker.check.dns;

import java.net.Inet4Address;
import java.util.Locale;
import outrider.checker.check.Visible;
import outrider.checker.check.dns.SpfRecord.Kind;
import outrider.checker.check.dns.SpfRecord.SyntaxException;
import outrider.checker.check.dns.SpfRecord.Term;
import outrider.checker.egress.Literals;

/// Reads one term of an SPF record by the grammar of RFC 7208, section 12.
final class SpfTermParser {

    private static final String QUALIFIERS = "+-~?";

    private final String word;

    SpfTermParser(String word) {
        this.word = word;
    }

    Term parse() throws SyntaxException {
        var end = endOfName(0);
        if (end > 0 && end < word.length() && word.charAt(end) == '=' && !isDigit(word.charAt(0))) {
            return modifier(word.substring(0, end).toLowerCase(Locale.ROOT), word.substring(end + 1));
        }
        var hasQualifier = QUALIFIERS.indexOf(word.charAt(0)) >= 0;
        var start = hasQualifier ? 1 : 0;
        end = endOfName(start);
        return mechanism(
                hasQualifier ? word.charAt(0) : '+',
                word.substring(start, end).toLowerCase(Locale.ROOT),
                word.substring(end));
    }

    private Term modifier(String name, String value) throws SyntaxException {
        switch (name) {
            case "redirect":
                return new Term(Kind.REDIRECT, '+', domain(value));
            case "exp":
                return new Term(Kind.EXP, '+', domain(value));
            default:
                requireMacros(value);
                return new Term(Kind.MODIFIER, '+', "");
        }
    }

    private Term mechanism(char qualifier, String name, String rest) throws SyntaxException {
        return switch (name) {
            case "all" -> new Term(Kind.ALL, qualifier, nothing(rest));
            case "include" -> new Term(Kind.INCLUDE, qualifier, domain(afterColon(rest)));
            case "exists" -> new Term(Kind.EXISTS, qualifier, domain(afterColon(rest)));
            case "ptr" -> new Term(Kind.PTR, qualifier, rest.isEmpty() ? "" : domain(afterColon(rest)));
            case "a" -> new Term(Kind.A, qualifier, domainWithPrefixes(rest));
            case "mx" -> new Term(Kind.MX, qualifier, domainWithPrefixes(rest));
            case "ip4" -> new Term(Kind.IP4, qualifier, network(afterColon(rest), true));
            case "ip6" -> new Term(Kind.IP6, qualifier, network(afterColon(rest), false));
            default -> throw wrong("is no mechanism of SPF");
        };
    }

    private String nothing(String rest) throws SyntaxException {
        if (!rest.isEmpty()) {
            throw wrong("takes nothing after its name");
        }
        return rest;
    }

    private String afterColon(String rest) throws SyntaxException {
        if (rest.length() < 2 || rest.charAt(0) != ':') {
            throw wrong("needs a colon and a value");
        }
        return rest.substring(1);
    }

    /// `:domain`, `/24`, `//64`, or several of these in that order. What is no number behind a slash belongs to the
    /// domain.
    private String domainWithPrefixes(String rest) throws SyntaxException {
        var left = rest;
        var ipv6 = left.lastIndexOf("//");
        if (ipv6 >= 0 && isNumber(left.substring(ipv6 + 2))) {
            requirePrefix(left.substring(ipv6 + 2), 128);
            left = left.substring(0, ipv6);
        }
        var ipv4 = left.lastIndexOf('/');
        if (ipv4 >= 0 && isNumber(left.substring(ipv4 + 1))) {
            requirePrefix(left.substring(ipv4 + 1), 32);
            left = left.substring(0, ipv4);
        }
        return left.isEmpty() ? "" : domain(afterColon(left));
    }

    private String network(String value, boolean ipv4) throws SyntaxException {
        var slash = value.indexOf('/');
        var address = slash < 0 ? value : value.substring(0, slash);
        var right = ipv4
                ? Literals.address(address)
                                .filter(Inet4Address.class::isInstance)
                                .isPresent()
                        && !address.contains(":")
                : address.contains(":")
                        && !address.startsWith("[")
                        && Literals.address(address).isPresent();
        if (!right) {
            throw wrong(ipv4 ? "has no IPv4 address" : "has no IPv6 address");
        }
        if (slash >= 0) {
            requirePrefix(value.substring(slash + 1), ipv4 ? 32 : 128);
        }
        return value;
    }

    private void requirePrefix(String digits, int most) throws SyntaxException {
        var plain = digits.length() <= 3 && isNumber(digits) && !(digits.length() > 1 && digits.charAt(0) == '0');
        if (!plain || Integer.parseInt(digits) > most) {
            throw wrong("has a prefix length that is not 0 to %d".formatted(most));
        }
    }

    /// A domain-spec: macros and visible characters that end in a top label or in a macro.
    private String domain(String value) throws SyntaxException {
        var endsInMacro = requireMacros(value);
        var name = value.endsWith(".") ? value.substring(0, value.length() - 1) : value;
        if (!endsInMacro && !isTopLabel(name.substring(name.lastIndexOf('.') + 1), name.indexOf('.') > 0)) {
            throw wrong("names no domain");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean isTopLabel(String label, boolean afterDot) {
        return afterDot
                && !label.isEmpty()
                && !label.startsWith("-")
                && !label.endsWith("-")
                && label.chars().allMatch(c -> isAlphanumeric(c) || c == '-')
                && !isNumber(label);
    }

    /// Checks the macro-string; tells whether it ends in a macro.
    private boolean requireMacros(String value) throws SyntaxException {
        var endsInMacro = false;
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c < 0x21 || c > 0x7E) {
                throw wrong("has a character that SPF does not know");
            }
            endsInMacro = c == '%';
            if (endsInMacro) {
                i = endOfMacro(value, i + 1);
            }
        }
        return endsInMacro;
    }

    /// The index of the last character of the macro whose `%` stands before `at` (RFC 7208, section 7.1).
    private int endOfMacro(String value, int at) throws SyntaxException {
        if (at < value.length() && "%_-".indexOf(value.charAt(at)) >= 0) {
            return at;
        }
        var close = value.indexOf('}', at);
        // The letters c, r and t stand in explanations only, and those are not in the record.
        if (close < at + 2 || value.charAt(at) != '{' || "slodiphv".indexOf(lower(value.charAt(at + 1))) < 0) {
            throw wrong("has a broken macro");
        }
        var i = at + 2;
        while (i < close && isDigit(value.charAt(i))) {
            i++;
        }
        if (i > at + 2 && value.substring(at + 2, i).chars().allMatch(c -> c == '0')) {
            throw wrong("has a macro that asks for no labels");
        }
        if (i < close && lower(value.charAt(i)) == 'r') {
            i++;
        }
        while (i < close && ".-+,/_=".indexOf(value.charAt(i)) >= 0) {
            i++;
        }
        if (i != close) {
            throw wrong("has a broken macro");
        }
        return close;
    }

    private int endOfName(int start) {
        var end = start;
        while (end < word.length()
                && (isAlphanumeric(word.charAt(end)) || end > start && "-_.".indexOf(word.charAt(end)) >= 0)) {
            end++;
        }
        return end;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(SpfTermParser::isDigit);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(int c) {
        return isDigit(c) || lower(c) >= 'a' && lower(c) <= 'z';
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private SyntaxException wrong(String what) {
        return new SyntaxException("'%s' %s".formatted(Visible.text(word, 80), what));
    }
}
