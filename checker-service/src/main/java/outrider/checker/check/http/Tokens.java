package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringTokenizer;

/// Cuts strangers' text into pieces, each character looked at once.
final class Tokens {

    private static final String ASCII_WHITESPACE = "\t\n\f\r ";

    private Tokens() {}

    /// The words between ASCII whitespace.
    static List<String> words(String text) {
        var words = new ArrayList<String>();
        var tokens = new StringTokenizer(text, ASCII_WHITESPACE);
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        return words;
    }

    /// The parts between one character, stripped of whitespace, empty ones included.
    static List<String> parts(String text, char separator) {
        return Arrays.stream(text.split(String.valueOf(separator), -1))
                .map(String::strip)
                .toList();
    }

    /// What comes before the first of some characters, or all of it.
    static String before(String text, String any) {
        return text.substring(0, firstOf(text, any, 0));
    }

    /// Where the first of some characters is, or the end.
    static int firstOf(String text, String any, int from) {
        for (var i = from; i < text.length(); i++) {
            if (any.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }
}
