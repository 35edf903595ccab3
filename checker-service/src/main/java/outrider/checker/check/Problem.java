package outrider.checker.check;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import outrider.insight.Confidence;
import outrider.insight.Severity;

/// One problem a judge sees on a subject; it becomes an insight.
///
/// @param detail tells several problems of one check on one subject apart; empty where there can be only one
/// @param severity that of the check where null
/// @param evidence what was seen, bounded and with control characters made visible
public record Problem(
        String detail, @Nullable Severity severity, Confidence confidence, String title, Map<String, String> evidence) {

    private static final int MAX_TITLE = 280;
    private static final int MAX_EVIDENCE = 1_500;
    private static final int MAX_PIECES = 10;

    public Problem {
        title = Visible.text(title, MAX_TITLE);
        evidence = Map.copyOf(evidence);
    }

    public static Problem of(String title) {
        return new Problem("", null, Confidence.FIRM, title, Map.of());
    }

    /// The same problem under a name of its own among those of its check.
    public Problem detail(String detail) {
        return new Problem(detail, severity, confidence, title, evidence);
    }

    public Problem severity(Severity severity) {
        return new Problem(detail, severity, confidence, title, evidence);
    }

    /// The same problem, not quite sure: it stays suspected until a second scan agrees.
    public Problem tentative() {
        return new Problem(detail, severity, Confidence.TENTATIVE, title, evidence);
    }

    /// With one more piece of evidence. It must be the same in the next scan if nothing has changed: no TTL, no days
    /// left.
    public Problem saw(String name, String value) {
        return saw(name, List.of(value));
    }

    /// With one more piece of evidence that has several parts, one a line.
    public Problem saw(String name, Collection<String> values) {
        if (evidence.size() >= MAX_PIECES) {
            throw new IllegalStateException("A problem has at most %d pieces of evidence".formatted(MAX_PIECES));
        }
        var lines = new StringJoiner("\n");
        for (var value : values) {
            var left = MAX_EVIDENCE - lines.length() - 1;
            if (left < 2) {
                break;
            }
            lines.add(Visible.text(value, left));
        }
        var more = new TreeMap<>(evidence);
        more.put(name, lines.toString());
        return new Problem(detail, severity, confidence, title, more);
    }
}
