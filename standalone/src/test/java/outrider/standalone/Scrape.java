package outrider.standalone;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a service answers to Prometheus, line by line.
record Scrape(List<String> samples) {

    private static final Pattern NAME = Pattern.compile("^[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern EXEMPLAR = Pattern.compile("# \\{.*trace_id=\"([0-9a-f]{32})\"");

    static Scrape of(String text) {
        return new Scrape(text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList());
    }

    /// The names of what is measured.
    Set<String> names() {
        return samples.stream()
                .flatMap(sample -> NAME.matcher(sample).results())
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    /// What the samples are labelled with, exemplars left out.
    Set<String> labels() {
        return samples.stream()
                .flatMap(sample -> LABEL.matcher(sample.split(" # ", 2)[0]).results())
                .map(label -> label.group(1))
                .collect(Collectors.toSet());
    }

    /// The traces that the samples of a name point to.
    Set<String> traces(String name) {
        return samples.stream()
                .filter(sample -> sample.startsWith(name))
                .flatMap(sample -> EXEMPLAR.matcher(sample).results())
                .map(exemplar -> exemplar.group(1))
                .collect(Collectors.toSet());
    }
}
