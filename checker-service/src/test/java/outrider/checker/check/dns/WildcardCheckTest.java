package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.util.List;
import org.junit.jupiter.api.Test;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion.Type;

class WildcardCheckTest {

    private static final String PROBE = Unlikely.below("example.com");

    private final WildcardCheck check = new WildcardCheck();
    private final FakeZone zone = new FakeZone().a("example.com");

    @Test
    void a_name_nobody_set_up_does_not_exist() {
        assertPass(judge());
        assertThat(zone.asked()).containsExactly(PROBE + " A");
    }

    @Test
    void a_name_nobody_set_up_with_an_address_is_a_wildcard() {
        zone.a(PROBE);
        assertProblem(judge(), "", "Every name below example.com exists");
        assertThat(zone.asked()).hasSize(1);
    }

    @Test
    void a_wildcard_may_have_ipv6_alone() {
        zone.aaaa(PROBE);
        assertProblem(judge(), "", "Every name below");
    }

    @Test
    void a_wildcard_may_be_an_alias_even_one_that_leads_nowhere() {
        zone.gone(PROBE, "shop.provider.example");
        assertThat(assertProblem(judge(), "", "Every name below").evidence())
                .containsEntry("aliases", "shop.provider.example");

        zone.answer(PROBE, Type.A, new DnsAnswer.NoData(List.of("web.provider.example")));
        assertProblem(judge(), "", "Every name below");
    }

    /// As servers do that deny by NODATA whatever is asked ("black lies").
    @Test
    void a_server_that_denies_no_name_is_no_wildcard() {
        zone.answer(PROBE, Type.A, new DnsAnswer.NoData(List.of()))
                .answer(PROBE, Type.AAAA, new DnsAnswer.NoData(List.of()));

        assertPass(judge());
    }

    @Test
    void what_cannot_be_asked_is_an_error() {
        zone.fails(PROBE, Type.A);
        assertCouldNotTell(judge(), "SERVFAIL");

        zone.answer(PROBE, Type.A, new DnsAnswer.NoData(List.of())).fails(PROBE, Type.AAAA);
        assertCouldNotTell(judge(), "SERVFAIL");
    }

    @Test
    void the_name_that_is_tried_is_the_same_every_time_and_says_who_asks() {
        assertThat(PROBE).isEqualTo(Unlikely.below("example.com")).matches("outrider-[0-9a-f]{12}\\.example\\.com");
        assertThat(PROBE).isNotEqualTo(Unlikely.below("example.org").replace("example.org", "example.com"));
    }

    private Verdict judge() {
        return zone.judge(check, "example.com");
    }
}
