package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressGuardTest {

    private final EgressGuard guard = Egress.guard(Egress.properties());

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, This host on this network",
        "0.0.0.1, This network",
        "10.255.255.255, Private-Use",
        "100.64.0.1, Shared Address Space",
        "127.0.0.1, Loopback",
        "127.255.255.254, Loopback",
        "169.254.169.254, 'the metadata service of AWS, Azure, Google Cloud and others'",
        "169.254.1.1, Link Local",
        "172.31.255.255, Private-Use",
        "192.0.0.170, NAT64/DNS64 Discovery",
        "192.168.0.1, Private-Use",
        "203.0.113.9, Documentation (TEST-NET-3)",
        "239.1.2.3, Multicast",
        "250.0.0.1, Reserved",
        "255.255.255.255, Limited Broadcast",
        "168.63.129.16, the platform service of Azure",
        "::, Unspecified Address",
        "::1, Loopback Address",
        "::127.0.0.1, a carrier of Loopback",
        "::ffff:127.0.0.1, Loopback",
        "::ffff:a9fe:a9fe, 'the metadata service of AWS, Azure, Google Cloud and others'",
        "64:ff9b::10.0.0.1, a carrier of Private-Use",
        "64:ff9b:1::10.0.0.1, a carrier of Private-Use",
        "64:ff9b:1::8.8.8.8, IPv4-IPv6 Translation (local use)",
        "2002:7f00:1::1, a carrier of Loopback",
        "2002:808:808::1, 6to4",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, a carrier of Documentation (TEST-NET-1)",
        "2001:0:4136:e378:8000:63bf:f7f7:f7f7, TEREDO",
        "2001:0:a00:1:8000:63bf:f7f7:f7f7, a carrier of Private-Use",
        "::ffff:0:10.0.0.1, a carrier of Private-Use",
        "2a00::5efe:10.0.0.1, a carrier of Private-Use",
        "2a00::200:5efe:192.168.0.1, a carrier of Private-Use",
        "2001:db8::1, Documentation",
        "3fff::1, Documentation",
        "fd00::1, Unique-Local",
        "fd00:ec2::254, the metadata service of AWS",
        "fe80::1, Link-Local Unicast",
        "fec0::1, Deprecated (Site-Local Unicast)",
        "ff02::1, Multicast",
        "4000::1, Outside Global Unicast",
    })
    void refuses_what_the_registries_reserve(String address, String name) {
        assertThat(guard.refusal(InetAddress.ofLiteral(address), 443)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.0.9",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2001:4860:4860::8888",
                "2606:4700::1111",
                "2a00::1",
                "2001:20::1",
                "3ffe::1"
            })
    void lets_public_addresses_pass(String address) {
        assertThat(guard.refusal(InetAddress.ofLiteral(address), 443)).isEmpty();
    }

    @Test
    void refuses_an_address_with_a_scope() throws UnknownHostException {
        var scoped =
                Inet6Address.getByAddress("", InetAddress.ofLiteral("2a00::1").getAddress(), 3);

        assertThat(guard.refusal(scoped, 443)).contains("scoped to one network interface");
    }

    @Test
    void the_operator_may_allow_what_is_reserved_and_deny_what_is_public() {
        var lists = Egress.guard(Egress.properties(
                List.of(IpRange.of("127.0.0.0/8"), IpRange.of("0.0.0.0/0")), List.of(IpRange.of("127.0.0.2"))));

        assertThat(lists.refusal(InetAddress.ofLiteral("127.0.0.1"), 443)).isEmpty();
        assertThat(lists.refusal(InetAddress.ofLiteral("64:ff9b::127.0.0.1"), 443))
                .isEmpty();
        assertThat(lists.refusal(InetAddress.ofLiteral("127.0.0.2"), 443))
                .contains("in 127.0.0.2/32, denied by the operator");
        assertThat(lists.refusal(InetAddress.ofLiteral("::1"), 443)).contains("Loopback Address");
    }

    @Test
    void metadata_is_refused_even_where_the_operator_allows_everything() {
        var all = Egress.guard(Egress.properties(List.of(IpRange.of("0.0.0.0/0"), IpRange.of("::/0")), List.of()));

        assertThat(all.refusal(InetAddress.ofLiteral("169.254.169.254"), 443)).isPresent();
        assertThat(all.refusal(InetAddress.ofLiteral("64:ff9b::169.254.169.254"), 443))
                .isPresent();
        assertThat(all.refusal(InetAddress.ofLiteral("fd00:ec2::254"), 443)).isPresent();
    }

    /// Whatever network may carry it there.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "::169.254.169.254",
                "::ffff:0:a9fe:a9fe",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a9fe:a9fe",
                "64:ff9b:1:a9fe:a9:fe00::",
                "64:ff9b:1:a9:fe:a9fe::",
                "64:ff9b:1:0:a9:fea9:fe00:0",
                "2002:a9fe:a9fe::1",
                "2001:0:a9fe:a9fe::1",
                "2001:0:808:808:0:0:5601:5601",
                "2a00::5efe:a9fe:a9fe"
            })
    void nothing_that_carries_the_metadata_address_passes_even_where_everything_is_allowed(String address) {
        var all = Egress.guard(Egress.properties(List.of(IpRange.of("0.0.0.0/0"), IpRange.of("::/0")), List.of()));

        assertThat(all.refusal(InetAddress.ofLiteral(address), 80))
                .contains("a carrier of the metadata service of AWS, Azure, Google Cloud and others");
    }

    @Test
    void the_registries_are_complete() {
        assertThat(RangeTable.load("special-purpose-ipv4.txt").size()).isEqualTo(26 + 1);
        assertThat(RangeTable.load("special-purpose-ipv6.txt").size()).isEqualTo(24 + 5);
    }
}
