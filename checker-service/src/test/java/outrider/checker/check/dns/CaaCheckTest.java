package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
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

class CaaCheckTest {

    private final CaaCheck check = new CaaCheck();
    private final FakeZone zone = new FakeZone().a("www.example.com").a("example.com");

    @ParameterizedTest
    @ValueSource(strings = {"ca.example", ";", "", "ca.example; accounturi=https://ca.example/1", "%%%%"})
    void any_issue_property_restricts(String value) {
        zone.caa("www.example.com", 0, "issue", value);

        assertPass(judge());
    }

    @Test
    void the_nearest_name_above_counts() {
        zone.caa("com", 0, "issue", "ca.example");
        assertPass(judge());
        assertThat(zone.asked()).contains("www.example.com CAA", "example.com CAA", "com CAA");

        zone.caa("example.com", 0, "iodef", "mailto:a@example.com");
        assertProblem(judge(), "issue", "without the property issue");
    }

    @Test
    void the_climb_ends_below_the_root() {
        assertProblem(judge(), "missing", "No CAA record");
        assertThat(zone.asked())
                .filteredOn(question -> question.endsWith("CAA"))
                .hasSize(3);
    }

    @Test
    void an_alias_leads_to_its_targets_records_but_not_to_the_targets_parents() {
        zone.answer(
                "www.example.com",
                Type.CAA,
                new DnsAnswer.Records(List.of("cdn.example"), List.of(new DnsRecord.Caa(0, "issue", "ca.example"))));
        assertPass(judge());

        zone.answer("www.example.com", Type.CAA, new DnsAnswer.NoData(List.of("edge.cdn.example")))
                .caa("cdn.example", 0, "issue", "ca.example");
        assertProblem(judge(), "missing", "No CAA record");
    }

    @Test
    void wildcards_alone_leave_the_rest_open() {
        zone.caa("example.com", 0, "issuewild", ";");

        assertProblem(judge(), "issue", "every authority may issue");
    }

    @Test
    void an_unknown_critical_property_stops_every_authority() {
        zone.caa("example.com", 128, "issuer", "ca.example");
        assertProblem(judge(), "critical", "none will issue");

        zone.caa("example.com", 128, "issue", "ca.example");
        assertPass(judge());
    }

    /// The examples of RFC 8659, sections 4.2 to 4.4 and 4.1 (the critical flag).
    @ParameterizedTest
    @CsvSource({
        "0, issue, ca1.example.net, ''",
        "0, issue, ca1.example.net; account=230123, ''",
        "0, issue, ;, ''",
        "0, issue, %%%%%, ''",
        "0, issuewild, ca1.example.net, issue",
        "0, iodef, mailto:security@example.com, issue",
        "0, iodef, https://iodef.example.com/, issue",
        "128, tbs, Unknown, critical"
    })
    void the_examples_of_the_rfc(int flags, String tag, String value, String detail) {
        zone.caa("example.com", flags, tag, value);

        if (detail.isEmpty()) {
            assertPass(judge());
        } else {
            assertProblem(judge(), detail, "");
        }
    }

    @Test
    void a_name_without_an_address_needs_none() {
        assertNotApplicable(zone.txt("text.example.com", "x").judge(check, "text.example.com"), "no address");
    }

    @Test
    void what_cannot_be_asked_is_an_error_and_never_missing() {
        zone.fails("example.com", Type.CAA);
        assertCouldNotTell(judge(), "SERVFAIL");

        zone.caa("www.example.com", 0, "issue", "ca.example");
        assertPass(judge());

        assertCouldNotTell(
                new FakeZone().fails("six.example", Type.A).judge(check, "six.example"), "SERVFAIL for six.example");
        assertCouldNotTell(zone.judge(check, "nowhere.example"), "NXDOMAIN");
    }

    private Verdict judge() {
        return zone.judge(check, "www.example.com");
    }
}
