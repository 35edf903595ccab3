package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Trouble.Kind;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.insight.Severity;

class ChainCheckTest {

    private static final CertificateAuthority ROOT = CertificateAuthority.root("Root", KeyKind.RSA_2048);
    private static final CertificateAuthority STRANGER = CertificateAuthority.root("Stranger", KeyKind.EC_P256);
    private static final Leaf LEAF = Leaf.named("a.test");

    private final ChainCheck check = new ChainCheck();

    @Test
    void a_chain_to_a_trusted_root_passes() {
        assertPass(judge(ROOT.issue(LEAF)));
        assertPass(judge(ROOT.intermediate("One").intermediate("Two").issue(LEAF)));
    }

    @Test
    void order_and_surplus_do_not_matter() {
        var chain = new ArrayList<>(
                ROOT.intermediate("One").intermediate("Two").issue(LEAF).chain());
        Collections.reverse(chain.subList(1, chain.size()));
        chain.add(STRANGER.certificate());
        chain.add(ROOT.certificate());

        assertPass(judge(chain));
    }

    @Test
    void that_it_has_run_out_is_not_asked_here() {
        assertPass(judge(ROOT.intermediate("One").issue(LEAF.expiredSince(Duration.ofDays(30)))));
        assertPass(judge(ROOT.issue(
                LEAF.valid(Instant.now().plus(Duration.ofDays(9)), Instant.now().plus(Duration.ofDays(99))))));
    }

    @Test
    void a_self_signed_certificate_is_a_problem_unless_it_is_trusted_itself() {
        assertProblem(judge(CertificateAuthority.selfSigned(LEAF)), "self-signed", "self-signed");

        assertPass(judge(List.of(ROOT.certificate())));
    }

    @Test
    void a_chain_to_a_stranger_is_a_problem() {
        assertProblem(judge(STRANGER.issue(LEAF)), "untrusted", "does not lead to a trusted root");
        var withRoot = new ArrayList<>(STRANGER.issue(LEAF).chain());
        withRoot.add(STRANGER.certificate());
        assertProblem(judge(withRoot), "untrusted", "does not lead to a trusted root");
    }

    @Test
    void a_forged_authority_of_the_same_name_does_not_help() {
        var impostor = CertificateAuthority.root("Root", KeyKind.RSA_2048);

        assertProblem(judge(impostor.issue(LEAF)), "untrusted", "does not lead to a trusted root");
    }

    @Test
    void a_server_certificate_cannot_vouch_for_another() {
        var chain = new ArrayList<X509Certificate>();
        chain.add(ROOT.issue(Leaf.named("b.test")).certificate());
        chain.add(ROOT.issue(LEAF).certificate());

        assertPass(judge(chain));
        assertProblem(
                judge(List.of(STRANGER.issue(LEAF).certificate(), chain.getFirst())), "untrusted", "trusted root");
    }

    @Test
    void a_missing_intermediate_is_low() {
        var identity = ROOT.intermediate("One").issue(LEAF);
        var seen = Presented.by(ROOT, "https://a.test")
                .edge(identity.withoutIntermediates().chain(), new ChainTrust.Incomplete(identity.chain()))
                .seen();

        assertProblem(check.judge(seen), "incomplete", Severity.LOW, "does not send the intermediate");
    }

    @Test
    void a_weak_key_is_a_problem() {
        assertProblem(judge(ROOT.issue(LEAF.with(KeyKind.RSA_1024))), "weak-key", "RSA with 1024 bits");
    }

    @Test
    void a_weak_signature_is_a_problem() {
        assertProblem(judge(ROOT.issue(LEAF.signedWith("SHA1withRSA"))), "weak-signature", "SHA1withRSA");
    }

    @Test
    void how_a_self_signed_certificate_is_signed_does_not_matter() {
        assertProblem(
                judge(CertificateAuthority.selfSigned(
                        LEAF.with(KeyKind.RSA_2048).signedWith("SHA1withRSA"))),
                "self-signed",
                "self-signed");
    }

    @Test
    void several_problems_are_told_apart() {
        var weak = STRANGER.issue(LEAF.with(KeyKind.RSA_1024));

        assertThat(((Verdict.Fail) judge(weak)).problems())
                .extracting(Problem::detail)
                .containsExactly("untrusted", "weak-key");
    }

    @Test
    void problems_of_one_machine_are_not_reported_while_another_is_silent() {
        var seen = Presented.by(ROOT, "https://a.test")
                .edge(STRANGER.issue(LEAF))
                .fails(Kind.TIMEOUT, "it did not answer in time")
                .seen();

        assertCouldNotTell(check.judge(seen), "192.0.2.2: it did not answer in time");
    }

    @Test
    void an_authority_that_could_not_be_asked_leaves_it_open() {
        var seen = Presented.by(ROOT, "https://a.test")
                .edge(STRANGER.issue(LEAF).chain(), new ChainTrust.Unclear("its authority answered 503"))
                .seen();

        assertCouldNotTell(check.judge(seen), "its authority answered 503");
    }

    private Verdict judge(Identity identity) {
        return judge(identity.chain());
    }

    private Verdict judge(List<X509Certificate> chain) {
        return check.judge(Presented.by(ROOT, "https://a.test").edge(chain).seen());
    }
}
