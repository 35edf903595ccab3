package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.insight.Severity;
import outrider.scan.AssetKind;

class SpfCheckTest {

    private final SpfCheck check = new SpfCheck();
    private final FakeZone zone = new FakeZone().mx("example.com", "mx.example.com");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 -all",
                "v=spf1 mx ~all",
                "V=SPF1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -ALL",
                "v=spf1   a:example.com/24//64  -all ",
                "v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all exp=explain._spf.%{d}",
                "v=spf1 unknown-modifier=%{d}/x -all"
            })
    void a_strict_record_passes(String record) {
        zone.a("example.com").txt("example.com", "another=1", record);

        assertPass(judge());
    }

    @Test
    void a_domain_that_takes_mail_needs_a_record() {
        assertProblem(judge(), "missing", "no SPF record");
    }

    @Test
    void a_record_that_receivers_do_not_recognise_is_shown_but_counts_as_missing() {
        zone.txt("example.com", " v=spf1 -all", "v=spf10 -all");

        assertThat(assertProblem(judge(), "missing", "no SPF record").evidence().get("ignored"))
                .contains("v=spf10 -all");
    }

    @Test
    void a_domain_without_mail_should_say_that_nobody_sends_for_it() {
        assertProblem(
                new FakeZone().a("quiet.example").judge(check, "quiet.example"),
                "missing",
                Severity.LOW,
                "takes no mail");
        assertProblem(
                new FakeZone().mx("null.example", "").judge(check, "null.example"),
                "missing",
                Severity.LOW,
                "takes no mail");
    }

    @Test
    void a_host_without_mail_need_say_nothing() {
        assertNotApplicable(
                new FakeZone().a("www.example.com").judge(check, "www.example.com", AssetKind.HOST), "no part in mail");
        assertProblem(zone.judge(check, "example.com", AssetKind.HOST), "missing", "no SPF record");
    }

    @Test
    void a_domain_that_refuses_mail_must_end_in_minus_all() {
        var refusing = new FakeZone().mx("null.example", "").txt("null.example", "v=spf1 ~all");

        assertProblem(refusing.judge(check, "null.example"), "all", Severity.LOW, "ends in ~all and not in -all");
        assertPass(refusing.txt("null.example", "v=spf1 -all").judge(check, "null.example"));
    }

    @Test
    void two_records_are_none() {
        zone.txt("example.com", "v=spf1 -all", "v=spf1 mx -all");

        assertProblem(judge(), "multiple", "2 SPF records");
    }

    @ParameterizedTest
    @CsvSource({
        "v=spf1 ?all, ends in ?all",
        "v=spf1 ip4:192.0.2.1, ends in no all",
        "v=spf1 all-around=yes, ends in no all"
    })
    void a_weak_end_is_low(String record, String title) {
        zone.txt("example.com", record);

        assertProblem(judge(), "all", Severity.LOW, title);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 +all",
                "v=spf1 all",
                "v=spf1 ip4:0.0.0.0/0 -all",
                "v=spf1 include:open.example -all",
                "v=spf1 redirect=open.example"
            })
    void letting_everybody_pass_is_high(String record) {
        zone.txt("example.com", record).txt("open.example", "v=spf1 +all");

        assertProblem(judge(), "all", Severity.HIGH, "lets every sender pass");
    }

    @Test
    void what_matches_but_does_not_pass_is_no_open_door() {
        zone.txt("example.com", "v=spf1 ?include:open.example -include:open.example -all")
                .txt("open.example", "v=spf1 +all");

        assertPass(judge());
    }

    @Test
    void mechanisms_behind_all_are_not_looked_at() {
        zone.txt("example.com", "v=spf1 -all include:nowhere.example a:nowhere.example redirect=nowhere.example");

        assertPass(judge());
        assertThat(zone.asked()).containsExactlyInAnyOrder("example.com TXT", "example.com MX");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 include -all",
                "v=spf1 include: -all",
                "v=spf1 ipv4:192.0.2.1 -all",
                "v=spf1 ip4:192.0.2.256 -all",
                "v=spf1 ip4:192.0.2.1/33 -all",
                "v=spf1 ip4:192.0.2.1/024 -all",
                "v=spf1 ip4:2001:db8::1 -all",
                "v=spf1 ip6:192.0.2.1 -all",
                "v=spf1 a:192.0.2.1 -all",
                "v=spf1 include:localhost -all",
                "v=spf1 -all,",
                "v=spf1 a/ -all",
                "v=spf1 mx//129 -all",
                "v=spf1 exists:%{x}.example -all",
                "v=spf1 exists:%{d.example -all",
                "v=spf1 include:a_b.exa\tmple -all",
                "v=spf1 redirect=a.example redirect=b.example",
                "v=spf1 - all",
                "v=spf1 all:x"
            })
    void a_malformed_record_is_ignored_by_receivers(String record) {
        zone.txt("example.com", record);

        assertProblem(judge(), "syntax", "malformed");
    }

    @Test
    void ten_lookups_are_enough_and_eleven_too_many() {
        assertPass(includes(10));
        var problem = assertProblem(includes(11), "lookups", "more than 10 DNS lookups");
        assertThat(problem.evidence()).containsEntry("lookups", "11");
    }

    @Test
    void lookups_of_what_is_included_count_too() {
        zone.txt("example.com", "v=spf1 include:a.example include:b.example include:c.example -all");
        for (var name : List.of("a.example", "b.example", "c.example")) {
            zone.txt(name, "v=spf1 a mx ptr -all").a(name).mx(name, "m." + name);
        }

        assertProblem(judge(), "lookups", "more than 10 DNS lookups");
    }

    @Test
    void an_include_without_a_record_breaks_the_whole() {
        zone.txt("example.com", "v=spf1 include:gone.example -all");

        assertProblem(judge(), "broken", "gone.example has no SPF record");
    }

    @Test
    void an_include_with_two_records_or_a_malformed_one_breaks_the_whole() {
        zone.txt("example.com", "v=spf1 include:two.example include:bad.example -all")
                .txt("two.example", "v=spf1 -all", "v=spf1 ~all")
                .txt("bad.example", "v=spf1 foo -all");

        assertThat(assertProblem(judge(), "broken", "two.example has several SPF records")
                        .evidence()
                        .get("reasons"))
                .contains("bad.example is malformed: 'foo' is no mechanism of SPF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v=spf1 include:example.com -all", "v=spf1 include:a.example -all", "v=spf1 redirect=a.example"})
    void a_circle_is_seen_and_left(String record) {
        zone.txt("example.com", record)
                .txt("a.example", "v=spf1 include:b.example ~all")
                .txt("b.example", "v=spf1 include:a.example ~all");

        assertProblem(judge(), "broken", "leads back to itself");
    }

    @Test
    void a_redirect_counts_where_there_is_no_all() {
        zone.txt("example.com", "v=spf1 redirect=_spf.example.com")
                .txt("_spf.example.com", "v=spf1 mx:example.com ?all");

        assertProblem(judge(), "all", Severity.LOW, "ends in ?all");
    }

    @Test
    void where_only_a_receiver_knows_the_redirect_its_end_is_not_judged() {
        zone.txt("example.com", "v=spf1 redirect=%{d}._spf.example.net");

        assertPass(judge());
    }

    @Test
    void two_names_without_records_are_forgiven_and_three_not() {
        zone.txt("example.com", "v=spf1 a:v1.example a:v2.example a:six.example -all")
                .aaaa("six.example");
        assertPass(judge());

        zone.txt("example.com", "v=spf1 a:v1.example mx:v2.example exists:v3.example -all");
        assertProblem(judge(), "void-lookups", Severity.LOW, "more than 2 names");
    }

    @Test
    void ptr_is_low_in_the_own_record_and_not_reported_for_others() {
        zone.txt("example.com", "v=spf1 include:old.example ~all").txt("old.example", "v=spf1 ptr -all");
        assertPass(judge());

        zone.txt("example.com", "v=spf1 ptr ~all");
        assertProblem(judge(), "ptr", Severity.LOW, "uses ptr");
    }

    @Test
    void several_problems_are_told_apart() {
        zone.txt("example.com", "v=spf1 ptr include:gone.example");

        assertThat(((Verdict.Fail) judge()).problems())
                .extracting(Problem::detail)
                .containsExactly("broken", "ptr");
    }

    @ParameterizedTest
    @CsvSource({"example.com, TXT", "example.com, MX", "inc.example, TXT", "host.example, A"})
    void what_cannot_be_asked_is_an_error_and_never_missing(String name, Type type) {
        zone.txt("example.com", "v=spf1 ptr include:inc.example a:host.example +all")
                .txt("inc.example", "v=spf1 -all")
                .a("host.example")
                .fails(name, type);

        assertCouldNotTell(judge(), "SERVFAIL for " + name);
    }

    @Test
    void a_domain_that_does_not_exist_is_an_error() {
        assertCouldNotTell(new FakeZone().judge(check, "nowhere.example"), "NXDOMAIN");
        assertProblem(
                new FakeZone()
                        .answer("here.example", Type.TXT, new DnsAnswer.NoData(List.of()))
                        .mx("here.example", "mx.example")
                        .judge(check, "here.example"),
                "missing",
                "no SPF record");
    }

    @Test
    void a_record_made_to_keep_us_busy_is_left_early() {
        var words =
                IntStream.range(0, 5_000).mapToObj(i -> "a:h" + i + ".example").collect(Collectors.joining(" "));
        zone.txt("example.com", "v=spf1 " + words + " -all");

        assertThat(((Verdict.Fail) judge()).problems())
                .extracting(Problem::detail)
                .contains("lookups");
        assertThat(zone.asked()).hasSizeLessThan(64);
    }

    private Verdict includes(int count) {
        zone.txt(
                "example.com",
                "v=spf1 "
                        + IntStream.range(0, count)
                                .mapToObj(i -> "include:i" + i + ".example ")
                                .collect(Collectors.joining())
                        + "-all");
        IntStream.range(0, count).forEach(i -> zone.txt("i" + i + ".example", "v=spf1 ip4:192.0.2." + i + " -all"));
        return judge();
    }

    private Verdict judge() {
        return zone.judge(check, "example.com");
    }
}
