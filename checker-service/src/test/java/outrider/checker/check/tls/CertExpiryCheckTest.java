package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;
import static outrider.checker.check.Verdicts.problem;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Trouble.Kind;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.insight.Severity;

class CertExpiryCheckTest {

    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Root", KeyKind.EC_P256);

    private final CertExpiryCheck check = new CertExpiryCheck();

    @ParameterizedTest
    @CsvSource({
        // life and age in days: two weeks are notice enough, and of a short life a third
        "90, 75, PASS",
        "90, 77, MEDIUM",
        "90, 89, MEDIUM",
        "90, 91, HIGH",
        "365, 350, PASS",
        "365, 352, MEDIUM",
        "6, 3, PASS",
        "6, 5, MEDIUM",
        "1, 0, PASS"
    })
    void notice_depends_on_how_long_it_lives(long life, long age, String expected) {
        var verdict = judge(identity(Duration.ofDays(life)), BEGIN.plus(Duration.ofDays(age)));

        if (expected.equals("PASS")) {
            assertPass(verdict);
        } else {
            assertThat(problem(verdict).severity()).isEqualTo(Severity.valueOf(expected));
        }
    }

    @Test
    void an_expired_certificate_says_since_when_and_nothing_that_changes_by_itself() {
        var identity = identity(Duration.ofDays(90));
        var today = judge(identity, Instant.parse("2026-06-01T10:00:00Z"));
        var tomorrow = judge(identity, Instant.parse("2026-06-02T11:00:00Z"));

        assertProblem(today, "", Severity.HIGH, "The certificate expired on 2026-05-30");
        assertThat(tomorrow).isEqualTo(today);
    }

    @Test
    void a_certificate_of_tomorrow_is_not_valid_but_clocks_may_differ_a_little() {
        assertProblem(
                judge(identity(Duration.ofDays(90)), BEGIN.minus(Duration.ofHours(1))),
                "",
                Severity.HIGH,
                "is not valid before 2026-03-01");
        assertPass(judge(identity(Duration.ofDays(90)), BEGIN.minus(Duration.ofMinutes(4))));
    }

    @Test
    void an_expired_intermediate_counts_if_it_is_needed() {
        var leaf = AUTHORITY.intermediate("Below").issue(Leaf.named("a.test"));
        var afterIt = leaf.chain().get(1).getNotAfter().toInstant().plus(Duration.ofDays(1));

        var verdict = judge(leaf, afterIt);

        // The server's own certificate is the first to be named.
        assertProblem(verdict, "", Severity.HIGH, "The certificate expired");
        var longLived = AUTHORITY
                .intermediate("Below")
                .issue(Leaf.named("a.test").valid(BEGIN, afterIt.plus(Duration.ofDays(90))));
        assertProblem(judge(longLived, afterIt), "", Severity.HIGH, "The intermediate certificate CN=Below expired");
    }

    @Test
    void an_expired_certificate_that_is_sent_but_not_needed_does_not_count() {
        var sound = identity(Duration.ofDays(90));
        var surplus = AUTHORITY.issue(Leaf.named("old.test").expiredSince(Duration.ofDays(900)));
        var chain = new ArrayList<>(sound.chain());
        chain.addAll(surplus.chain());

        assertPass(check.judge(Presented.by(AUTHORITY, "https://a.test")
                .at(BEGIN.plus(Duration.ofDays(2)))
                .edge(chain)
                .seen()));
    }

    @Test
    void of_an_untrusted_chain_the_servers_own_certificate_is_judged() {
        var selfSigned = CertificateAuthority.selfSigned(Leaf.named("a.test").valid(BEGIN, BEGIN.plusSeconds(86_400)));

        assertProblem(judge(selfSigned, BEGIN.plusSeconds(90_000)), "", Severity.HIGH, "expired on 2026-03-02");
    }

    @Test
    void the_worst_of_several_machines_counts_and_is_named() {
        var sound = identity(Duration.ofDays(90));
        var expired = identity(Duration.ofDays(30));
        var seen = Presented.by(AUTHORITY, "https://a.test")
                .at(BEGIN.plus(Duration.ofDays(40)))
                .edge(sound)
                .edge(expired);

        assertThat(assertProblem(check.judge(seen.seen()), "", Severity.HIGH, "expired")
                        .evidence())
                .containsEntry("address", "192.0.2.2");
        // It stays a problem when another machine is silent.
        assertProblem(check.judge(seen.fails(Kind.TIMEOUT, "silent").seen()), "", Severity.HIGH, "expired");
    }

    @Test
    void a_machine_that_could_not_be_looked_at_makes_it_an_error() {
        var seen = Presented.by(AUTHORITY, "https://a.test")
                .at(BEGIN.plus(Duration.ofDays(1)))
                .edge(identity(Duration.ofDays(90)));

        assertPass(check.judge(seen.fails(Kind.NO_ROUTE, "no IPv6 here").seen()));
        assertCouldNotTell(
                check.judge(
                        seen.fails(Kind.TIMEOUT, "it did not answer in time").seen()),
                "192.0.2.3: it did not answer in time");
    }

    @Test
    void nothing_seen_is_an_error_with_its_reason() {
        assertCouldNotTell(
                check.judge(Presented.by(AUTHORITY, "https://a.test")
                        .fails(Kind.NO_ROUTE, "there is no route to it")
                        .seen()),
                "there is no route to it");
    }

    private Verdict judge(Identity identity, Instant at) {
        return check.judge(
                Presented.by(AUTHORITY, "https://a.test").at(at).edge(identity).seen());
    }

    private static Identity identity(Duration life) {
        return AUTHORITY.issue(Leaf.named("a.test").valid(BEGIN, BEGIN.plus(life)));
    }
}
