package outrider.scan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.insight.Severity;

/// One problem a check found on a subject.
///
/// It is the same insight as one of an earlier scan when scope, check, subject and detail are the same.
/// Title, severity, confidence and evidence are what may change; so they hold nothing that differs from
/// scan to scan by itself (TTLs, dates of the scan, days left).
///
/// @param detail tells several problems of one check on one subject apart; empty where there can be only one
/// @param evidence what was seen, by name; bounded by the sender, never interpreted
public record FoundInsight(
        CheckId check,
        String subject,
        String detail,
        Severity severity,
        Confidence confidence,
        String title,
        Map<String, String> evidence)
        implements ReportLine {

    /// The longest title, in characters.
    public static final int MAX_TITLE = 300;

    /// The most that names and values of the evidence may come to together, in characters.
    public static final int MAX_EVIDENCE = 16_384;

    public FoundInsight {
        if (subject.isEmpty() || subject.length() > CheckResult.MAX_TEXT || detail.length() > CheckResult.MAX_TEXT) {
            throw new IllegalArgumentException(
                    "subject must have 1 to %1$d characters and detail at most %1$d".formatted(CheckResult.MAX_TEXT));
        }
        if (title.isBlank() || title.length() > MAX_TITLE) {
            throw new IllegalArgumentException("title must have 1 to %d characters".formatted(MAX_TITLE));
        }
        evidence = Collections.unmodifiableMap(new TreeMap<>(evidence));
        var size = evidence.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (size > MAX_EVIDENCE) {
            throw new IllegalArgumentException(
                    "evidence has %d characters and may have %d".formatted(size, MAX_EVIDENCE));
        }
    }
}
