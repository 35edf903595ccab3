package outrider.scan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;
import outrider.insight.CheckId;

/// How one check ended on one subject (an endpoint or a record name) of the asset.
///
/// @param why the reason in one sentence; always there for ERROR, and null where there is nothing to add
/// @param code what kind of ERROR it is, where that matters; a reader takes one it does not know for none
public record CheckResult(
        CheckId check,
        String subject,
        CheckState state,
        @Nullable String why,
        @Nullable String code) implements ReportLine {

    /// The check was not allowed to look: somebody opted out, outside of a window, without consent. Nobody owes its
    /// answer.
    public static final String NOT_PERMITTED = "not_permitted";

    /// The longest subject and the longest reason, in characters.
    public static final int MAX_TEXT = 512;

    public CheckResult {
        if (subject.isEmpty() || subject.length() > MAX_TEXT) {
            throw new IllegalArgumentException("subject must have 1 to %d characters".formatted(MAX_TEXT));
        }
        if (state == CheckState.ERROR && (why == null || why.isBlank())) {
            throw new IllegalArgumentException("a result in state ERROR must say why");
        }
        if (state != CheckState.ERROR && code != null) {
            throw new IllegalArgumentException("code belongs to a result in state ERROR alone");
        }
        if (why != null && why.length() > MAX_TEXT) {
            // Never between the two halves of a character.
            var end = Character.isHighSurrogate(why.charAt(MAX_TEXT - 2)) ? MAX_TEXT - 2 : MAX_TEXT - 1;
            why = why.substring(0, end) + "…";
        }
    }

    public CheckResult(CheckId check, String subject, CheckState state, @Nullable String why) {
        this(check, subject, state, why, null);
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

    public static CheckResult notPermitted(CheckId check, String subject, String why) {
        return new CheckResult(check, subject, CheckState.ERROR, why, NOT_PERMITTED);
    }

    /// Whether it could not tell because it was not allowed to look.
    @JsonIgnore
    public boolean isNotPermitted() {
        return NOT_PERMITTED.equals(code);
    }
}
