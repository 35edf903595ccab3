package outrider.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import outrider.scan.CatalogRecord;
import outrider.scan.Lane;

class CheckCatalogTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    private final CheckCatalog catalog = CheckCatalog.load();

    @Test
    void finds_every_definition_that_is_listed() {
        assertThat(catalog.checks())
                .isNotEmpty()
                .allSatisfy(check -> assertThat(catalog.find(check.id())).contains(check));
        assertThat(catalog.checkers()).containsEntry("dns", Lane.FAST).containsKeys("tls", "http");
        assertThat(catalog.checksOf("tls")).extracting(CheckDefinition::id).contains(new CheckId("tls.chain"));
    }

    @Test
    void every_definition_is_listed() throws IOException {
        try (var files = Files.list(Path.of("src/main/resources/checks"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".yml"))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(catalog.find(new CheckId(name.replaceAll("\\.yml$", ""))))
                            .as("%s in checks/index", name)
                            .isPresent());
        }
    }

    @Test
    void every_text_is_there() {
        assertThat(catalog.checks()).allSatisfy(check -> {
            assertThat(check.question()).endsWith("?");
            assertThat(check.references()).isNotEmpty().allMatch(reference -> reference.startsWith("https://"));
            for (var text : new String[] {check.why(), check.rationale(), check.sends(), check.remediation()}) {
                assertThat(text).as("%s", check.id()).hasSizeGreaterThan(40);
            }
        });
    }

    @Test
    void placeholders_are_those_that_readers_fill_in() {
        assertThat(catalog.checks())
                .allSatisfy(check -> assertThat(PLACEHOLDER
                                .matcher(check.reproduce())
                                .results()
                                .map(found -> found.group(1))
                                .collect(Collectors.toSet()))
                        .isNotEmpty()
                        .isSubsetOf(Set.of("subject", "host", "port")));
    }

    @Test
    void its_hash_is_the_same_each_time_and_another_once_a_check_is_disabled() {
        var without = catalog.disable(Set.of(new CheckId("tls.chain")));

        assertThat(CheckCatalog.load().hash()).isEqualTo(catalog.hash()).matches("[0-9a-f]{32}");
        assertThat(without.hash()).isNotEqualTo(catalog.hash());
        assertThat(without.disable(Set.of()).hash()).isEqualTo(catalog.hash());
        assertThat(without.record(Instant.EPOCH).checks())
                .hasSameSizeAs(catalog.checks())
                .filteredOn(CatalogRecord.Check::disabled)
                .containsExactly(new CatalogRecord.Check(new CheckId("tls.chain"), "tls", true));
    }

    @Test
    void a_check_that_there_is_not_cannot_be_disabled() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalog.disable(Set.of(new CheckId("tls.chian"))))
                .withMessage("outrider.checks.disabled: there is no check 'tls.chian' in the catalogue");
    }
}
