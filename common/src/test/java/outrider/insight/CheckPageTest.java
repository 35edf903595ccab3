package outrider.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Holds `docs/CHECKS.md` to the catalogue; with the property `outrider.docs.write` it writes it anew.
class CheckPageTest {

    private static final Path PAGE = Path.of("../docs/CHECKS.md");

    @Test
    void the_page_says_what_the_catalogue_says() throws IOException {
        var page = CheckPage.of(CheckCatalog.load().checks());
        if (Boolean.getBoolean("outrider.docs.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/CHECKS.md is not what common/src/main/resources/checks says: run `make docs` and commit it")
                .isEqualTo(page);
    }
}
