package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.egress.Trouble.Kind;
import outrider.embedded.site.LoopbackDns;

class HostsTest {

    private final LoopbackDns server = LoopbackDns.start(0).zone(".", "").zone("example.test", """
                    many      A     127.0.0.3
                    many      A     127.0.0.1
                    many      A     127.0.0.2
                    many      AAAA  2606:4700::1
                    private   A     10.0.0.1
                    mixed     A     192.168.0.1
                    mixed     A     127.0.0.1
                    metadata  A     169.254.169.254
                    mapped    AAAA  ::ffff:169.254.169.254
                    nat64     AAAA  64:ff9b::a00:1
                    sixtofour AAAA  2002:a00:1::
                    local     AAAA  fe80::1
                    mail      MX    1 many
                    """);
    private final Hosts hosts = Egress.hosts(server.address());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void addresses_come_in_the_same_order_every_time() throws Exception {
        assertThat(hosts.resolve("many.example.test", 443))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1", "127.0.0.2", "127.0.0.3", "2606:4700:0:0:0:0:0:1");
    }

    @Test
    void only_the_addresses_that_may_be_dialled_are_left() throws Exception {
        assertThat(hosts.resolve("mixed.example.test", 443))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "private.example.test, 10.0.0.1 is Private-Use",
        "metadata.example.test, '169.254.169.254 is the metadata service of AWS, Azure, Google Cloud and others'",
        "mapped.example.test, '169.254.169.254 is the metadata service of AWS, Azure, Google Cloud and others'",
        "nat64.example.test, 64:ff9b:0:0:0:0:a00:1 is a carrier of Private-Use",
        "sixtofour.example.test, 2002:a00:1:0:0:0:0:0 is a carrier of Private-Use",
        "local.example.test, fe80:0:0:0:0:0:0:1 is Link-Local Unicast",
        "10.0.0.1, 10.0.0.1 is Private-Use",
        "[::1], 0:0:0:0:0:0:0:1 is Loopback Address"
    })
    void a_host_with_only_forbidden_addresses_is_refused(String host, String reason) {
        assertTrouble(host, Kind.REFUSED_BY_GUARD, "refused by the egress guard: " + reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f.1",
                "127.1",
                "0177.0.0.1",
                "127.0.0.1.",
                "foo.1",
                "017700000001",
                "fe80::1%eth0"
            })
    void a_disguised_address_is_not_even_asked_for(String host) {
        assertTrouble(
                host,
                Kind.REFUSED_BY_GUARD,
                "refused by the egress guard: '%s' is neither a name nor a plainly written address".formatted(host));
        assertThat(server.questions()).isEmpty();
    }

    @Test
    void why_a_name_has_no_address_is_told() {
        server.fail("broken.example.test", LoopbackDns.Failure.SERVFAIL);

        assertTrouble(
                "nothing.example.test",
                Kind.NO_ADDRESS,
                "its name does not resolve: nothing.example.test does not exist (NXDOMAIN)");
        assertTrouble(
                "mail.example.test", Kind.NO_ADDRESS, "its name does not resolve: mail.example.test has no address");
        assertTrouble(
                "broken.example.test",
                Kind.NO_ADDRESS,
                "its name does not resolve: the resolver answered SERVFAIL for broken.example.test A");
    }

    private void assertTrouble(String host, Kind kind, String reason) {
        assertThatExceptionOfType(NoAddressException.class)
                .isThrownBy(() -> hosts.resolve(host, 443))
                .extracting(NoAddressException::trouble)
                .isEqualTo(new Trouble(kind, reason));
    }
}
