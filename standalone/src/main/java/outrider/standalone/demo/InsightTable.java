package outrider.standalone.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import outrider.insight.Severity;
import tools.jackson.databind.JsonNode;

/// Insights as a table for the terminal, worst first.
final class InsightTable {
    private static final int MAX_TITLE = 90;

    private InsightTable() {}

    static String of(List<JsonNode> insights) {
        var subjects = insights.stream()
                .mapToInt(insight -> text(insight, "subject").length())
                .max()
                .orElse(7);
        var line = "  %-9s %-20s %-" + Math.max(subjects, 7) + "s  %s\n";
        var table = new StringBuilder(line.formatted("SEVERITY", "CHECK", "SUBJECT", "TITLE"));
        insights.stream()
                .sorted(Comparator.comparing(InsightTable::severity)
                        .reversed()
                        .thenComparing(insight -> text(insight, "check"))
                        .thenComparing(insight -> text(insight, "subject")))
                .forEach(insight -> table.append(line.formatted(
                        text(insight, "severity"),
                        text(insight, "check"),
                        text(insight, "subject"),
                        brief(text(insight, "title")))));
        return table.toString();
    }

    private static Severity severity(JsonNode insight) {
        return Severity.valueOf(text(insight, "severity").toUpperCase(Locale.ROOT));
    }

    private static String text(JsonNode insight, String field) {
        return insight.path(field).asString("");
    }

    private static String brief(String title) {
        return title.length() <= MAX_TITLE ? title : title.substring(0, MAX_TITLE - 1) + "…";
    }
}
