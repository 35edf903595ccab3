package outrider.insight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckJarsTest {

    private static final String DEFINITION = """
            id: %s
            checker: http
            lane: fast
            question: Is it so?
            why: Because.
            severity: LOW
            rationale: None.
            sends: Nothing.
            remediation: Mend it.
            reproduce: look {subject}
            references: []
            """;

    @TempDir
    private Path folder;

    @Test
    void the_definitions_of_every_jar_join_the_catalogue() throws IOException {
        jar(
                "one.jar",
                Map.of(
                        "checks/index",
                        "house.one\n\n house.two\n",
                        "checks/house.one.yml",
                        yml("house.one"),
                        "checks/house.two.yml",
                        yml("house.two")));
        jar("two.jar", Map.of("checks/index", "house.three", "checks/house.three.yml", yml("house.three")));
        Files.writeString(folder.resolve("README"), "not a jar");

        assertThat(load().checksOf("http"))
                .extracting(check -> check.id().value())
                .contains("house.one", "house.two", "house.three", "http.hsts");
    }

    @Test
    void without_the_setting_there_is_only_the_class_path() {
        var own = getClass().getClassLoader();

        assertThat(CheckJars.loader(null)).isSameAs(own);
        assertThat(CheckJars.loader(" ")).isSameAs(own);
        assertThat(CheckJars.loader(folder.toString())).isSameAs(own);
    }

    @Test
    void a_directory_that_is_not_there_stops_the_start() throws IOException {
        assertThatIllegalStateException()
                .isThrownBy(() -> CheckJars.loader(folder.resolve("gone").toString()))
                .withMessage("OUTRIDER_CHECKS_JARS names %s, which cannot be read", folder.resolve("gone"));
        var file = Files.createFile(folder.resolve("file"));
        assertThatIllegalStateException()
                .isThrownBy(() -> CheckJars.loader(file.toString()))
                .withMessage("OUTRIDER_CHECKS_JARS names %s, which is no directory", file);
    }

    @Test
    void a_definition_that_is_missing_or_wrong_stops_the_start_and_is_named() throws IOException {
        jar("house.jar", Map.of("checks/index", "house.one"));
        refuses("house.jar!/checks/house.one.yml is missing or wrong");

        jar("house.jar", Map.of("checks/index", "house.one", "checks/house.one.yml", "id: house.one"));
        refuses("house.jar!/checks/house.one.yml is missing or wrong: Missing creator property 'checker'");

        jar("house.jar", Map.of("checks/index", "house.one", "checks/house.one.yml", yml("house.two")));
        refuses("house.jar!/checks/house.one.yml defines house.two");

        jar("house.jar", Map.of("checks/index", "http.hsts", "checks/http.hsts.yml", yml("http.hsts")));
        refuses("The check http.hsts is defined twice");

        var slow = yml("house.one").replace("lane: fast", "lane: slow");
        jar("house.jar", Map.of("checks/index", "house.one", "checks/house.one.yml", slow));
        refuses("The checks of http disagree on its lane");
    }

    private void refuses(String complaint) {
        assertThatIllegalStateException().isThrownBy(this::load).withMessageContaining(complaint);
    }

    private CheckCatalog load() {
        return CheckCatalog.load(CheckJars.loader(folder.toString()));
    }

    private static String yml(String id) {
        return DEFINITION.formatted(id);
    }

    private void jar(String name, Map<String, String> files) throws IOException {
        try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            for (var file : files.entrySet()) {
                jar.putNextEntry(new JarEntry(file.getKey()));
                jar.write(file.getValue().getBytes(UTF_8));
            }
        }
    }
}
