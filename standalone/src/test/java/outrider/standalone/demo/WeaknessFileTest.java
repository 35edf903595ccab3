package outrider.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.standalone.Home;

final class WeaknessFileTest {
    @TempDir
    Path home;

    @Test
    void everything_is_weak_until_somebody_writes_otherwise() throws Exception {
        var file = WeaknessFile.in(new Home(home));
        assertThat(file.read()).isEqualTo(Weakness.all());

        Files.writeString(home.resolve("demo.properties"), "dns.spf = mended\ndns.caa=weak\n");
        assertThat(file.read()).doesNotContain(Weakness.SPF).contains(Weakness.CAA, Weakness.HSTS);
    }

    @Test
    void reads_what_it_wrote() {
        var file = WeaknessFile.in(new Home(home));
        file.write(Set.of(Weakness.CHAIN));

        assertThat(file.read()).containsExactly(Weakness.CHAIN);
    }
}
