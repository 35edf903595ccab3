package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;
import outrider.insight.Severity;

class DmarcCheckTest {

    private final DmarcCheck check = new DmarcCheck();
    private final FakeZone zone = new FakeZone().a("example.co.uk").a("mail.example.co.uk");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=DMARC1; p=reject",
                "v=DMARC1;p=quarantine;",
                "v = DMARC1 ; P = Reject ; pct=100; rua=mailto:d@example.co.uk",
                "v=DMARC1; p=reject; pct=abc; unknown=1; adkim=s",
                "v=DMARC1; p=reject; sp=quarantine; rua=mailto:a@mail.example.co.uk!10m"
            })
    void a_policy_that_is_enforced_passes(String record) {
        zone.txt("_dmarc.example.co.uk", "other", record);

        assertPass(judge("example.co.uk"));
    }

    @Test
    void no_record_is_missing() {
        assertProblem(judge("example.co.uk"), "missing", "no DMARC record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=DMARC2; p=reject", "p=reject; v=DMARC1", "v=DMARC1x; p=reject", "v=dmarc1; p=reject"})
    void what_does_not_begin_with_the_version_is_no_record(String text) {
        zone.txt("_dmarc.example.co.uk", text);

        assertProblem(judge("example.co.uk"), "missing", "no DMARC record");
    }

    @Test
    void two_records_are_none() {
        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=reject", "v=DMARC1; p=none");

        assertProblem(judge("example.co.uk"), "multiple", "2 DMARC records");
    }

    @Test
    void a_subdomain_inherits_from_the_organizational_domain() {
        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=reject");
        assertPass(judge("mail.example.co.uk"));

        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=reject; sp=none");
        assertProblem(judge("mail.example.co.uk"), "policy", "none");
        assertProblem(judge("example.co.uk"), "subdomains", Severity.LOW, "sp=none");

        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=none; sp=reject");
        assertPass(judge("mail.example.co.uk"));
    }

    @Test
    void an_own_record_goes_before_the_inherited_one() {
        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=reject").txt("_dmarc.mail.example.co.uk", "v=DMARC1; p=none");

        assertProblem(judge("mail.example.co.uk"), "policy", "none");
        assertThat(zone.asked()).doesNotContain("_dmarc.example.co.uk TXT");
    }

    @Test
    void a_public_suffix_lends_nothing() {
        zone.txt("_dmarc.co.uk", "v=DMARC1; p=reject");

        assertProblem(judge("example.co.uk"), "missing", "no DMARC record");
        assertThat(zone.asked()).doesNotContain("_dmarc.co.uk TXT");
    }

    @Test
    void p_none_is_a_problem_and_a_share_is_a_small_one() {
        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=none; rua=mailto:d@example.co.uk");
        assertProblem(judge("example.co.uk"), "policy", "policy is none");

        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=quarantine; pct=50");
        assertProblem(judge("example.co.uk"), "percent", Severity.LOW, "only 50 %");
    }

    @ParameterizedTest
    @CsvSource({
        "'v=DMARC1', no valid policy",
        "'v=DMARC1; p=strict', no valid policy",
        "'v=DMARC1; p=reject; sp=x', no valid policy",
        "'v=DMARC1; rua=mailto:d@example.co.uk', policy is none"
    })
    void without_a_valid_policy_it_is_ignored_or_none(String record, String title) {
        zone.txt("_dmarc.example.co.uk", record);

        assertProblem(judge("example.co.uk"), "policy", title);
    }

    @Test
    void another_domain_must_agree_to_take_reports() {
        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=reject; rua=mailto:a@reports.example, mailto:b@example.co.uk");
        assertThat(assertProblem(judge("example.co.uk"), "reports", Severity.LOW, "has not agreed")
                        .evidence())
                .containsEntry("missing", "example.co.uk._report._dmarc.reports.example");

        zone.txt("example.co.uk._report._dmarc.reports.example", "v=DMARC1;");
        assertPass(judge("example.co.uk"));
    }

    /// The records of RFC 7489, appendix B.2, with the consent that B.2.3 publishes; the zone is `example.com`.
    @Test
    void the_examples_of_the_rfc() {
        zone.a("example.com");
        zone.txt("_dmarc.example.com", "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com");
        assertProblem(judge("example.com"), "policy", "policy is none");

        zone.txt(
                "_dmarc.example.com",
                "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@example.com");
        assertProblem(judge("example.com"), "policy", "policy is none");

        zone.txt(
                        "_dmarc.example.com",
                        "v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com, mailto:tld-test@thirdparty.example.net!10m;"
                                + " pct=25")
                .txt("example.com._report._dmarc.thirdparty.example.net", "v=DMARC1");
        assertProblem(judge("example.com"), "percent", Severity.LOW, "only 25 %");
    }

    @Test
    void the_way_over_an_alias_is_shown() {
        zone.answer(
                "_dmarc.example.co.uk",
                Type.TXT,
                new DnsAnswer.Records(List.of("dmarc.vendor.example"), List.of(new DnsRecord.Txt("v=DMARC1; p=none"))));

        assertThat(assertProblem(judge("example.co.uk"), "policy", "none").evidence())
                .containsEntry("aliases", "dmarc.vendor.example");
    }

    @Test
    void what_cannot_be_asked_is_an_error_and_never_missing() {
        zone.fails("_dmarc.mail.example.co.uk", Type.TXT);
        assertCouldNotTell(judge("mail.example.co.uk"), "SERVFAIL");

        zone.answer("_dmarc.mail.example.co.uk", Type.TXT, new DnsAnswer.NoData(List.of()))
                .fails("_dmarc.example.co.uk", Type.TXT);
        assertCouldNotTell(judge("mail.example.co.uk"), "SERVFAIL");
        assertCouldNotTell(judge("nowhere.example"), "NXDOMAIN");

        zone.txt("_dmarc.example.co.uk", "v=DMARC1; p=reject; rua=mailto:a@reports.example")
                .fails("example.co.uk._report._dmarc.reports.example", Type.TXT);
        assertCouldNotTell(judge("example.co.uk"), "SERVFAIL");
    }

    private Verdict judge(String domain) {
        return zone.judge(check, domain);
    }
}
