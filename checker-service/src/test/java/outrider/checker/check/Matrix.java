package outrider.checker.check;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckDefinition;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;

/// Verdicts by check and subject, in the words of a [Corpus].
record Matrix(Map<String, String> verdicts) {

    private static final Map<CheckId, CheckDefinition> CHECKS = CheckCatalog.load().checks().stream()
            .collect(Collectors.toUnmodifiableMap(CheckDefinition::id, check -> check));

    static Matrix of(List<CheckRun> runs) {
        var verdicts = new TreeMap<String, String>();
        for (var run : runs) {
            run.results()
                    .forEach(result -> verdicts.merge(cell(result), verdict(result, run), (one, other) -> {
                        throw new AssertionError("two results for " + cell(result));
                    }));
        }
        return new Matrix(verdicts);
    }

    /// Where this is not what was expected, in sentences.
    List<String> differencesFrom(Map<String, String> expected) {
        var cells = new TreeMap<>(expected);
        verdicts.keySet().forEach(cell -> cells.putIfAbsent(cell, "not in the matrix"));
        return cells.entrySet().stream()
                .filter(cell -> !agrees(cell.getValue(), verdicts.getOrDefault(cell.getKey(), "")))
                .map(cell -> "%s: expected %s, said %s"
                        .formatted(cell.getKey(), cell.getValue(), verdicts.getOrDefault(cell.getKey(), "nothing")))
                .toList();
    }

    private static boolean agrees(String expected, String said) {
        var words = expected.split(" ", 2);
        var giveReason = words[0].equals("ERROR") || words[0].equals("NOT_APPLICABLE");
        return giveReason
                ? said.startsWith(words[0]) && (words.length == 1 || said.contains(words[1]))
                : said.equals(expected);
    }

    private static String cell(CheckResult result) {
        return result.check() + " " + result.subject();
    }

    private static String verdict(CheckResult result, CheckRun run) {
        return switch (result.state()) {
            case PASS -> "PASS";
            case ERROR, NOT_APPLICABLE -> result.state() + " " + result.why();
            case FAIL ->
                Stream.concat(Stream.of(CheckState.FAIL.name()), Stream.of(problems(result, run)))
                        .filter(words -> !words.isEmpty())
                        .collect(Collectors.joining(" "));
        };
    }

    private static String problems(CheckResult result, CheckRun run) {
        return run.insights().stream()
                .filter(insight -> insight.check().equals(result.check())
                        && insight.subject().equals(result.subject()))
                .map(Matrix::problem)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String problem(FoundInsight insight) {
        var unusual = insight.severity() != CHECKS.get(insight.check()).severity();
        return Stream.of(
                        insight.detail(),
                        unusual ? insight.severity().name() : "",
                        insight.confidence() == Confidence.FIRM
                                ? ""
                                : insight.confidence().name())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
