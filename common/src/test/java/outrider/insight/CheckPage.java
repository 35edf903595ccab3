package outrider.insight;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/// Renders the catalogue as `docs/CHECKS.md`.
final class CheckPage {

    private static final String PAGE = """
            # The checks

            Each answers one yes/no question in one of four states: PASS, FAIL, NOT_APPLICABLE, or ERROR, which means "could not tell", opens nothing
            and closes nothing. `GET /v1/checks` of the checker service serves the same catalogue, with the checks from
            [jars of your own](WRITING_A_CHECK.md) in it.

            This page is made from `common/src/main/resources/checks` by `make docs`.

            | check | question | severity | checker | lane |
            |---|---|---|---|---|
            %s
            %s""";

    private static final String SECTION = """

            ## %1$s

            **%2$s** %3$s

            **%4$s.** %5$s

            **It sends:** %6$s

            To mend it:

            ```text
            %7$s
            ```

            To see the same:

            ```sh
            %8$s
            ```

            %9$s
            """;

    private CheckPage() {}

    static String of(Collection<CheckDefinition> checks) {
        return PAGE.formatted(
                checks.stream().map(CheckPage::row).collect(Collectors.joining("\n")),
                checks.stream().map(CheckPage::section).collect(Collectors.joining()));
    }

    private static String row(CheckDefinition check) {
        return "| [`%s`](#%s) | %s | %s | `%s` | %s |"
                .formatted(
                        check.id(),
                        anchor(check.id()),
                        prose(check.question()).replace("|", "\\|"),
                        check.severity(),
                        check.checker(),
                        check.lane().name().toLowerCase(Locale.ROOT));
    }

    private static String section(CheckDefinition check) {
        return SECTION.formatted(
                check.id(),
                prose(check.question()),
                prose(check.why()),
                check.severity(),
                prose(check.rationale()),
                prose(check.sends()),
                check.remediation().strip(),
                check.reproduce().strip(),
                check.references().stream()
                        .map(reference -> "- <%s>".formatted(reference))
                        .collect(Collectors.joining("\n")));
    }

    /// As the usual renderers make it of a heading.
    private static String anchor(CheckId id) {
        return id.value().replace(".", "");
    }

    private static String prose(String text) {
        return text.strip().replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*");
    }
}
