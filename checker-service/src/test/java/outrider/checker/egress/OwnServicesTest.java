package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/// All of it with a guard whose operator allows everything.
class OwnServicesTest {

    private static final List<IpRange> EVERYTHING = List.of(IpRange.of("0.0.0.0/0"), IpRange.of("::/0"));

    private final MockEnvironment environment = new MockEnvironment()
            .withProperty("server.port", "8082")
            .withProperty("management.server.port", "9082")
            .withProperty("outrider.insights.url", "http://localhost:8080,http://10.2.2.8:8090")
            .withProperty("outrider.scheduler.url", "https://10.1.1.7")
            .withProperty("spring.kafka.bootstrap-servers", "127.0.0.1:9092,[fd00::9]:9094")
            .withProperty("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    private final EgressGuard guard = guard(environment);

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 8082",
        "127.0.0.1, 9082",
        "127.0.0.1, 8080",
        "127.0.0.1, 9092",
        "127.9.9.9, 8080",
        "0.0.0.0, 8080",
        "::1, 8080",
        "::, 8080",
        "::ffff:127.0.0.1, 8080",
        "64:ff9b::7f00:1, 8080",
        "10.1.1.7, 443",
        "10.2.2.8, 8090",
        "64:ff9b::a01:107, 443",
        "fd00::9, 9094",
        "127.0.0.1, 5432"
    })
    void services_of_ours_are_refused_at_their_ports(String address, int port) {
        assertThat(guard.refusal(InetAddress.ofLiteral(address), port))
                .get()
                .asString()
                .contains("Outrider");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 8443", "::1, 443", "10.1.1.7, 80", "10.1.1.8, 443", "fd00::9, 9092"})
    void other_ports_and_machines_are_the_operators_to_allow(String address, int port) {
        assertThat(guard.refusal(InetAddress.ofLiteral(address), port)).isEmpty();
    }

    @Test
    void every_address_of_this_machine_counts() throws Exception {
        var mine = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .toList();

        assertThat(mine)
                .isNotEmpty()
                .allSatisfy(address -> assertThat(guard.refusal(address, 8082)).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.96.0.1", "10.200.3.4", "fd12::5", "64:ff9b::a60:1"})
    void the_cluster_is_refused_at_every_port(String address) {
        assertThat(guard.refusal(InetAddress.ofLiteral(address), 80))
                .get()
                .asString()
                .contains("the cluster Outrider runs in");
    }

    @Test
    void a_port_that_the_system_chose_is_refused_once_it_is_known() {
        assertThat(guard.refusal(InetAddress.ofLiteral("127.0.0.1"), 40_123)).isEmpty();

        environment.setProperty("local.server.port", "40123");

        assertThat(guard.refusal(InetAddress.ofLiteral("127.0.0.1"), 40_123)).isPresent();
    }

    @Test
    void a_service_whose_name_does_not_resolve_hides_no_other() {
        environment.setProperty("outrider.scheduler.url", "http://no.such.host.invalid:1");

        assertThat(guard(environment).refusal(InetAddress.ofLiteral("127.0.0.1"), 8080))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "kafka:9092, kafka:9092",
        "PLAINTEXT://kafka:9092, kafka:9092",
        "http://insights-api, insights-api:80",
        "https://user@my_host/path, my_host:443",
        "jdbc:postgresql://127.0.0.1:15432/outrider?user=x, 127.0.0.1:15432",
        "http://[::1]:4318/v1/traces, ::1:4318"
    })
    void services_are_read_as_they_are_configured(String text, String service) {
        assertThat(ServiceAddress.of(text)).hasToString(service);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "kafka:0", "kafka:70000", ":1", "http://", "a b"})
    void what_is_no_service_is_rejected_with_a_reason(String text) {
        assertThatThrownBy(() -> ServiceAddress.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static EgressGuard guard(MockEnvironment environment) {
        var properties = Egress.properties(
                EVERYTHING,
                List.of(),
                List.of(IpRange.of("10.200.0.0/16"), IpRange.of("fd12::/16")),
                List.of("127.0.0.1:5432"));
        return new EgressGuard(properties, new OwnServices(properties, environment));
    }
}
