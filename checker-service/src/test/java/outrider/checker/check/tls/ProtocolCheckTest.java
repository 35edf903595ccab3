package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;
import static outrider.checker.egress.TlsVersion.SSL_3;
import static outrider.checker.egress.TlsVersion.TLS_1_0;
import static outrider.checker.egress.TlsVersion.TLS_1_1;
import static outrider.checker.egress.TlsVersion.TLS_1_2;
import static outrider.checker.egress.TlsVersion.TLS_1_3;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.HelloAnswer;
import outrider.checker.egress.HelloAnswer.Accepted;
import outrider.checker.egress.HelloAnswer.NotTls;
import outrider.checker.egress.HelloAnswer.Refused;
import outrider.checker.egress.HelloAnswer.Unclear;
import outrider.checker.egress.TlsVersion;
import outrider.checker.egress.Trouble;
import outrider.checker.egress.Trouble.Kind;
import outrider.insight.Severity;

class ProtocolCheckTest {

    private static final HelloAnswer RESET = new Unclear(new Trouble(Kind.BROKEN, "the connection broke"));

    private final ProtocolCheck check = new ProtocolCheck();
    private final Presented endpoint = Presented.by("https://www.example.com");

    @Test
    void today_s_versions_alone_pass() {
        assertPass(check.judge(endpoint.edge(Map.of(TLS_1_1, new Refused(70))).seen()));
        assertPass(check.judge(endpoint.edge(Map.of(TLS_1_1, new Refused(40))).seen()));
    }

    @Test
    void modern_tls_that_the_platform_cannot_shake_hands_with_passes() {
        assertPass(check.judge(
                endpoint.fails(Kind.BROKEN, "x", Map.of(TLS_1_3, new Accepted(TLS_1_2), TLS_1_1, new Refused(70)))
                        .seen()));
    }

    @Test
    void old_tls_is_one_problem() {
        assertProblem(
                check.judge(endpoint.edge(Map.of(
                                TLS_1_1, new Accepted(TLS_1_1),
                                TLS_1_0, new Accepted(TLS_1_0),
                                SSL_3, new Refused(70)))
                        .seen()),
                "old-tls",
                "accepts TLS 1.0 and TLS 1.1");
    }

    @Test
    void ssl_3_is_worse() {
        assertProblem(
                check.judge(endpoint.edge(Map.of(TLS_1_1, new Accepted(SSL_3))).seen()),
                "ssl-3",
                Severity.HIGH,
                "accepts SSL 3.0");
    }

    @Test
    void nothing_of_today_is_a_problem_of_its_own() {
        var verdict = check.judge(endpoint.fails(
                        Kind.BROKEN,
                        "x",
                        Map.of(
                                TLS_1_3, new Refused(70),
                                TLS_1_1, new Accepted(TLS_1_0),
                                SSL_3, new Refused(40)))
                .seen());

        assertThat(((Verdict.Fail) verdict).problems())
                .extracting(Problem::detail)
                .containsExactly("old-tls", "no-modern-tls");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_1_1", "TLS_1_0", "SSL_3"})
    void a_reset_on_the_way_down_leaves_it_open(TlsVersion where) {
        var answers = switch (where) {
            case TLS_1_1 -> Map.of(TLS_1_1, RESET);
            case TLS_1_0 -> Map.of(TLS_1_1, new Accepted(TLS_1_1), TLS_1_0, RESET);
            default -> Map.of(TLS_1_1, new Accepted(TLS_1_0), SSL_3, RESET);
        };

        assertCouldNotTell(check.judge(endpoint.edge(answers).seen()), "the connection broke");
    }

    @Test
    void who_cannot_be_asked_is_an_error() {
        assertCouldNotTell(check.judge(endpoint.fails(Kind.TIMEOUT, "late").seen()), "late");
    }

    @Test
    void who_speaks_no_tls_is_another_check_s() {
        assertCouldNotTell(
                check.judge(endpoint.fails(Kind.BROKEN, "x", Map.of(TLS_1_3, new NotTls(true)))
                        .seen()),
                "see tls.reachable");
    }

    @Test
    void who_refuses_the_name_is_another_check_s() {
        assertCouldNotTell(
                check.judge(endpoint.fails(Kind.BROKEN, "x", Map.of(TLS_1_3, new Refused(112)))
                        .seen()),
                "see tls.reachable");
    }

    @Test
    void an_alert_of_a_server_in_trouble_is_an_error() {
        assertCouldNotTell(
                check.judge(endpoint.edge(Map.of(TLS_1_1, new Refused(80))).seen()), "internal_error");
    }

    @Test
    void one_address_with_old_tls_is_named() {
        var problem = assertProblem(
                check.judge(endpoint.edge(Map.of(TLS_1_1, new Refused(70)))
                        .edge(Map.of(TLS_1_1, new Accepted(TLS_1_0), SSL_3, new Refused(70)))
                        .seen()),
                "old-tls",
                "accepts TLS 1.0");

        assertThat(problem.evidence()).containsEntry("address", "192.0.2.2");
    }
}
