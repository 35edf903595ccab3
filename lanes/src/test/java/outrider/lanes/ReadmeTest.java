package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void shows_the_program_that_compiles_here() throws IOException {
        var source = Files.readString(Path.of("src/test/java/outrider/lanes/ReadmeProgram.java"));
        var program = source.substring(source.indexOf("final class ReadmeProgram"));

        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + program + "```");
    }
}
