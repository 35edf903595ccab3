package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.FreePort;
import outrider.embedded.JavaCommand;

final class PreflightTest {
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path home;

    @BeforeEach
    void choose_free_ports() {
        environment.put("OUTRIDER_HOME", home.toString());
        for (var service : Service.values()) {
            environment.put(service.portVariable(), Integer.toString(FreePort.find()));
        }
    }

    @Test
    void a_second_instance_on_the_same_directory_is_refused() throws Exception {
        try (var first = Preflight.check(Settings.of(environment))) {
            assertThat(first).isNotNull();
            refused("Another Outrider (process %d) is running on %s"
                    .formatted(ProcessHandle.current().pid(), home));
        }
        Preflight.check(Settings.of(environment)).close();
    }

    @Test
    void a_busy_port_is_named_with_what_moves_it() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            environment.put("OUTRIDER_INSIGHTS_PORT", Integer.toString(other.getLocalPort()));

            refused(
                    "Port %d, which the Insights API needs, is taken by another program: stop that, or choose another port with OUTRIDER_INSIGHTS_PORT="
                            .formatted(other.getLocalPort()));
        }
    }

    @Test
    void a_directory_that_cannot_be_written_is_named() throws Exception {
        var file = Files.createFile(home.resolve("file"));
        environment.put("OUTRIDER_HOME", file.toString());

        refused("Outrider cannot write to %s: make it a directory you may write to".formatted(file));
    }

    @Test
    void an_address_of_nobody_is_refused() {
        environment.put("OUTRIDER_ADDRESS", "300.1.1.1");

        refused("OUTRIDER_ADDRESS must be an address of this machine");
    }

    @Test
    void the_process_says_it_in_one_line_and_ends_with_1() throws Exception {
        environment.put("OUTRIDER_HOME", Files.createFile(home.resolve("file")).toString());
        var builder = JavaCommand.of(OutriderMain.class, List.of(), List.of());
        builder.environment().putAll(environment);
        var process = builder.redirectErrorStream(true).start();

        assertThat(process.inputReader().readAllLines())
                .singleElement()
                .asString()
                .startsWith("Outrider cannot write to");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private void refused(String sentence) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Preflight.check(Settings.of(environment)).close())
                .withMessageStartingWith(sentence);
    }
}
