package outrider.checker.check;

/// Makes text that a stranger wrote fit to be shown: bounded, and every character that could hide or move others
/// written out.
public final class Visible {

    private Visible() {}

    /// At most `limit` characters of it, with control, format and broken characters as `\\u{…}`.
    public static String text(String untrusted, int limit) {
        var shown = new StringBuilder();
        for (var i = 0; i < untrusted.length(); ) {
            var point = untrusted.codePointAt(i);
            i += Character.charCount(point);
            var piece = isPlain(point) ? Character.toString(point) : "\\u{%x}".formatted(point);
            if (shown.length() + piece.length() > limit - (i < untrusted.length() ? 1 : 0)) {
                return shown.append('…').toString();
            }
            shown.append(piece);
        }
        return shown.toString();
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
