package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.FreePort;

final class KeptPortsTest {
    @Test
    void a_port_stays_until_somebody_else_takes_it(@TempDir Path home) throws Exception {
        var file = home.resolve("ports.properties");
        int chosen = new KeptPorts(file).of("kafka", FreePort.find());

        assertThat(new KeptPorts(file).of("kafka", FreePort.find())).isEqualTo(chosen);
        assertThat(new KeptPorts(file).kept("kafka")).isEqualTo(chosen);
        try (var other = new ServerSocket(chosen, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(new KeptPorts(file).of("kafka", chosen)).isNotEqualTo(other.getLocalPort());
        }
    }
}
