package outrider.scan;

import org.jspecify.annotations.Nullable;
import outrider.insight.CheckId;

/// How one check ended on one subject (an endpoint or a record name) of the asset.
///
/// @param why the reason in one sentence; always there for ERROR, and null where there is nothing to add
public record CheckResult(
        CheckId check,
        String subject,
        CheckState state,
        @Nullable String why) implements ReportLine {

    /// The longest subject and the longest reason, in characters.
    public static final int MAX_TEXT = 512;

    public CheckResult {
        if (subject.isEmpty() || subject.length() > MAX_TEXT) {
            throw new IllegalArgumentException("subject must have 1 to %d characters".formatted(MAX_TEXT));
        }
        if (state == CheckState.ERROR && (why == null || why.isBlank())) {
            throw new IllegalArgumentException("a result in state ERROR must say why");
        }
        if (why != null && why.length() > MAX_TEXT) {
            // Never between the two halves of a character.
            var end = Character.isHighSurrogate(why.charAt(MAX_TEXT - 2)) ? MAX_TEXT - 2 : MAX_TEXT - 1;
            why = why.substring(0, end) + "…";
        }
    }

    public static CheckResult pass(CheckId check, String subject) {
        return new CheckResult(check, subject, CheckState.PASS, null);
    }

    public static CheckResult fail(CheckId check, String subject, String why) {
        return new CheckResult(check, subject, CheckState.FAIL, why);
    }

    public static CheckResult notApplicable(CheckId check, String subject, String why) {
        return new CheckResult(check, subject, CheckState.NOT_APPLICABLE, why);
    }

    public static CheckResult error(CheckId check, String subject, String why) {
        return new CheckResult(check, subject, CheckState.ERROR, why);
    }
}
