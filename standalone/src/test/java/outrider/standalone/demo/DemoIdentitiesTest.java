package outrider.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoIdentitiesTest {
    @Test
    void stay_the_same_from_run_to_run(@TempDir Path directory) {
        var minted = DemoIdentities.in(directory);
        var loaded = DemoIdentities.in(directory);

        for (var host : DemoSite.HOSTS) {
            assertThat(loaded.of(host).chain())
                    .hasSize(2)
                    .isEqualTo(minted.of(host).chain());
        }
        assertThat(loaded.of(DemoIdentities.EXPIRED).certificate().getNotAfter())
                .isBefore(new Date());
        assertThat(DemoIdentities.authority(directory)).content().startsWith("-----BEGIN CERTIFICATE-----");
    }
}
