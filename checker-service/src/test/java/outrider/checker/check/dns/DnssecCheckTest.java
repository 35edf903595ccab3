package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.checker.check.Verdict;
import outrider.checker.egress.ZoneSigning;
import outrider.checker.egress.ZoneSigning.Cause;
import outrider.insight.Confidence;
import outrider.insight.Severity;

class DnssecCheckTest {

    @Test
    void a_zone_whose_signatures_hold_passes() {
        assertPass(judge(new ZoneSigning.Signed("example.com", Set.of("ECDSAP256SHA256"), true)));
    }

    @Test
    void it_says_so_where_nobody_looked_above_the_zone() {
        assertThat(judge(new ZoneSigning.Signed("example.com", Set.of("ED25519"), false)))
                .isInstanceOfSatisfying(
                        Verdict.Pass.class, pass -> assertThat(pass.why()).contains("does not validate"));
    }

    @Test
    void sha1_alone_is_outdated_but_not_while_it_is_being_replaced() {
        assertProblem(judge(new ZoneSigning.Signed("example.com", Set.of("RSASHA1"), true)), "sha1", "SHA-1");
        assertPass(judge(new ZoneSigning.Signed("example.com", Set.of("RSASHA1", "RSASHA256"), true)));
    }

    @ParameterizedTest
    @CsvSource({
        "NO_KEYS, unsigned, is not signed",
        "NO_DS, no-ds, parent has no DS record",
        "UNSUPPORTED, algorithm, do not support",
        "ISLAND, island, a zone above it is not signed"
    })
    void a_zone_that_nobody_validates_is_a_small_problem(Cause cause, String detail, String title) {
        assertProblem(judge(new ZoneSigning.Unsigned("example.com", cause)), detail, title);
    }

    @Test
    void a_zone_that_resolvers_refuse_is_a_large_one_and_sure_only_if_both_looks_agree() {
        var sure = assertProblem(
                judge(new ZoneSigning.Bogus("example.com", "the keys have no signature", true)),
                "bogus",
                Severity.HIGH,
                "refuse the zone example.com: the keys have no signature");
        assertThat(sure.confidence()).isEqualTo(Confidence.FIRM);

        var unsure = assertProblem(
                judge(new ZoneSigning.Bogus("example.com", "x", false)), "bogus", Severity.HIGH, "refuse the zone");
        assertThat(unsure.confidence()).isEqualTo(Confidence.TENTATIVE);
    }

    @Test
    void what_could_not_be_looked_at_is_an_error() {
        assertCouldNotTell(judge(new ZoneSigning.Unknown("SERVFAIL for example.com")), "SERVFAIL");
    }

    private static Verdict judge(ZoneSigning signing) {
        return new FakeZone().signing(signing).judge(new DnssecCheck(), "example.com");
    }
}
