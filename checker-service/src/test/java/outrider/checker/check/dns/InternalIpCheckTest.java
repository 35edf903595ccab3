package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.Egress;

class InternalIpCheckTest {

    private final InternalIpCheck check = new InternalIpCheck(Egress.guard()::special);
    private final FakeZone zone = new FakeZone();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "127.0.0.1",
                "169.254.169.254",
                "::1",
                "fd00::1",
                "fe80::1",
                "fec0::1"
            })
    void an_internal_address_is_given_away(String address) {
        assertThat(assertProblem(judge(address), "internal", "internal network")
                        .evidence()
                        .get("addresses"))
                .contains("(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "2001:db8::1", "ff02::1"})
    void another_special_address_leads_nowhere(String address) {
        assertProblem(judge(address), "unreachable", "lead nowhere");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9.9.9.9", "172.32.0.1", "100.128.0.1", "192.0.0.9", "2620:fe::fe", "2002:c000:204::1", "2001::1"
            })
    void an_address_of_the_internet_or_of_an_old_tunnel_is_fine(String address) {
        assertPass(judge(address));
    }

    @Test
    void one_internal_address_among_public_ones_is_enough() {
        zone.addresses("example.com", Type.A, "9.9.9.9", "10.1.2.3").addresses("example.com", Type.AAAA, "fd00::1");

        assertThat(assertProblem(zone.judge(check, "example.com"), "internal", "internal network")
                        .evidence())
                .containsEntry("addresses", "10.1.2.3 (Private-Use)\nfd00:0:0:0:0:0:0:1 (Unique-Local)");
    }

    @Test
    void what_the_operator_allows_is_meant_to_be_there() {
        var known = new InternalIpCheck(Egress.guard("10.0.0.0/8")::special);
        zone.addresses("example.com", Type.A, "10.1.2.3");

        assertPass(zone.judge(known, "example.com"));
    }

    @Test
    void a_name_without_addresses_has_none_to_judge() {
        assertNotApplicable(zone.txt("example.com", "x").judge(check, "example.com"), "no address");
        assertNotApplicable(zone.judge(check, "nowhere.example"), "no address");
    }

    @Test
    void half_a_look_is_an_error() {
        zone.addresses("example.com", Type.A, "10.0.0.1").fails("example.com", Type.AAAA);

        assertCouldNotTell(zone.judge(check, "example.com"), "SERVFAIL");
    }

    private Verdict judge(String address) {
        return zone.addresses("example.com", address.contains(":") ? Type.AAAA : Type.A, address)
                .judge(check, "example.com");
    }
}
