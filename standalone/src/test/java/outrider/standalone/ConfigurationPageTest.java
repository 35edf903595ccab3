package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds `docs/configuration.md` to the settings; with the property `outrider.docs.write` it writes it anew.
class ConfigurationPageTest {

    private static final Pattern NAMED = Pattern.compile("`(outrider[.][a-z.-]+)`");
    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void the_page_says_what_the_settings_say() throws IOException {
        var page = ConfigurationPage.of(Setting.all());
        if (Boolean.getBoolean("outrider.docs.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md is not what the settings say: run `make docs` and commit it")
                .isEqualTo(page);
    }

    @Test
    void every_setting_says_what_it_is_for() {
        assertThat(Setting.all())
                .hasSizeGreaterThan(100)
                .allSatisfy(setting -> assertThat(setting.description())
                        .as("the comment of %s", setting.name())
                        .isNotBlank());
    }

    @Test
    void the_settings_of_the_platform_that_the_page_names_exist() {
        assertThat(Setting.platform()).containsAll(ConfigurationPage.platform());
    }

    @Test
    void what_the_other_pages_call_a_setting_is_one() throws IOException {
        var settings = Setting.all().stream().map(Setting::name).toList();
        try (var runbooks = Files.list(Path.of("../docs/runbooks"))) {
            var pages = Stream.concat(
                    runbooks,
                    Stream.of("../README.md", "../docs/operations.md", "../docs/scaling.md")
                            .map(Path::of));
            var named = pages.flatMap(
                            page -> NAMED.matcher(Observability.read(page)).results())
                    .map(name -> name.group(1))
                    .toList();

            assertThat(named).isNotEmpty().isSubsetOf(settings);
        }
    }

    @Test
    void an_environment_variable_is_spelt_as_the_platform_reads_it() {
        assertThat(Setting.environment("outrider.report.max-retry-after")).isEqualTo("OUTRIDER_REPORT_MAXRETRYAFTER");
    }
}
