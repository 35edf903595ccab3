package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.egress.HelloAnswer.Accepted;
import outrider.checker.egress.HelloAnswer.NotTls;
import outrider.checker.egress.HelloAnswer.Refused;
import outrider.checker.egress.HelloAnswer.Unclear;
import outrider.checker.egress.TlsVersion;
import outrider.checker.egress.Trouble;
import outrider.checker.egress.Trouble.Kind;

class ReachableCheckTest {

    private final ReachableCheck check = new ReachableCheck();
    private final Presented endpoint = Presented.by("https://www.example.com");

    @Test
    void whoever_presents_a_certificate_speaks_tls() {
        assertPass(check.judge(endpoint.edge(Map.of()).seen()));
    }

    @Test
    void old_or_odd_tls_is_tls() {
        assertPass(check.judge(
                endpoint.fails(Kind.BROKEN, "x", Map.of(TlsVersion.TLS_1_3, new Accepted(TlsVersion.TLS_1_0)))
                        .seen()));
        assertPass(check.judge(endpoint.fails(
                        Kind.BROKEN,
                        "x",
                        Map.of(
                                TlsVersion.TLS_1_3, new Refused(40),
                                TlsVersion.TLS_1_1, new Accepted(TlsVersion.TLS_1_1)))
                .seen()));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void trouble_alone_is_no_answer(Kind kind) {
        assertCouldNotTell(check.judge(endpoint.fails(kind, "the reason").seen()), "the reason");
    }

    @Test
    void plain_http_on_the_port_fails() {
        assertProblem(
                check.judge(endpoint.fails(Kind.BROKEN, "x", Map.of(TlsVersion.TLS_1_3, new NotTls(true)))
                        .seen()),
                "",
                "speaks plain HTTP");
    }

    @Test
    void another_protocol_on_the_port_is_no_answer() {
        assertCouldNotTell(
                check.judge(endpoint.fails(Kind.BROKEN, "not TLS", Map.of(TlsVersion.TLS_1_3, new NotTls(false)))
                        .seen()),
                "not TLS");
    }

    @Test
    void a_closed_port_beside_a_plain_site_fails() {
        assertProblem(
                check.judge(endpoint.fails(Kind.CLOSED, "refused")
                        .besidePlainSite("http://www.example.com")
                        .seen()),
                "",
                "The site at http://www.example.com has no TLS: nothing listens on port 443");
    }

    @Test
    void a_server_that_does_not_serve_the_name_fails() {
        var evidence = assertProblem(
                        check.judge(endpoint.fails(Kind.BROKEN, "x", Map.of(TlsVersion.TLS_1_3, new Refused(112)))
                                .seen()),
                        "",
                        "refuses TLS for www.example.com")
                .evidence();

        assertThat(evidence).containsEntry("alerts", "unrecognized_name");
    }

    @Test
    void a_server_that_refuses_every_version_fails() {
        assertProblem(
                check.judge(endpoint.fails(
                                Kind.BROKEN,
                                "x",
                                Map.of(
                                        TlsVersion.TLS_1_3, new Refused(40),
                                        TlsVersion.TLS_1_1, new Refused(70),
                                        TlsVersion.TLS_1_0, new Refused(70),
                                        TlsVersion.SSL_3, new Refused(40)))
                        .seen()),
                "",
                "refuses TLS");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 80, 90, 49, 255})
    void a_server_in_trouble_is_an_error(int alert) {
        assertCouldNotTell(
                check.judge(endpoint.fails(Kind.BROKEN, "alert", Map.of(TlsVersion.TLS_1_3, new Refused(alert)))
                        .seen()),
                "alert");
    }

    @Test
    void refusals_that_end_in_a_reset_are_an_error() {
        assertCouldNotTell(
                check.judge(endpoint.fails(
                                Kind.BROKEN,
                                "reset",
                                Map.of(
                                        TlsVersion.TLS_1_3,
                                        new Refused(40),
                                        TlsVersion.TLS_1_1,
                                        new Unclear(new Trouble(Kind.BROKEN, "reset"))))
                        .seen()),
                "reset");
    }

    @Test
    void an_address_without_tls_counts_beside_one_that_has_it_and_one_that_is_silent() {
        var problem = assertProblem(
                check.judge(endpoint.edge(Map.of())
                        .fails(Kind.BROKEN, "x", Map.of(TlsVersion.TLS_1_3, new NotTls(true)))
                        .fails(Kind.TIMEOUT, "late")
                        .seen()),
                "",
                "plain HTTP");

        assertThat(problem.evidence()).containsEntry("address", "192.0.2.2");
    }

    @Test
    void an_address_that_cannot_be_asked_leaves_it_open() {
        assertCouldNotTell(
                check.judge(
                        endpoint.edge(Map.of()).fails(Kind.CLOSED, "refused").seen()),
                "192.0.2.2: refused");
    }
}
