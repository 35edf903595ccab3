package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertProblem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.insight.Severity;

/// The grammar and the limits of RFC 7208, rule by rule; `spf-syntax.txt` has the records. What the RFC says of a
/// sender has no counterpart here: we judge the policy, whoever sends.
class SpfVectorsTest {

    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

    private final SpfCheck check = new SpfCheck();
    private final FakeZone zone =
            new FakeZone().a("example.com").a("mail.example.com").mx("example.com", "mail.example.com");

    record Case(boolean malformed, String section, String record) {}

    static List<Case> cases() throws IOException {
        try (var in = SpfVectorsTest.class.getResourceAsStream("spf-syntax.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" +", 3))
                    .map(columns -> new Case(columns[0].equals("malformed"), columns[1], bytes(columns[2])))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void syntax(Case vector) {
        zone.txt("example.com", vector.record());

        assertThat(details(judge()).anyMatch("syntax"::equals))
                .as("%s (section %s)", vector.record(), vector.section())
                .isEqualTo(vector.malformed());
    }

    @Test
    void selecting_records() {
        zone.txt("example.com", "v=spf1mx");
        assertProblem(judge(), "missing", "no SPF record");
        zone.txt("example.com", "v=spf10", "v=SpF1 ~all");
        assertThat(details(judge())).isEmpty();
        zone.txt("example.com", "v=spf1 -all", "V=sPf1 +all");
        assertProblem(judge(), "multiple", "2 SPF records");
        zone.fails("example.com", Type.TXT);
        assertCouldNotTell(judge(), "SERVFAIL");
    }

    @Test
    void includes_and_redirects() {
        for (var record : List.of("v=spf1 include:other.example.com -all", "v=spf1 redirect=other.example.com")) {
            zone.txt("example.com", record).txt("other.example.com", "v=spfl am not an SPF record");
            assertProblem(judge(), "broken", "no SPF record");
            zone.txt("other.example.com", "v=spf1 include +all");
            assertProblem(judge(), "broken", "malformed");
            zone.fails("other.example.com", Type.TXT);
            assertCouldNotTell(judge(), "SERVFAIL");
            zone.txt("other.example.com", "v=spf1 include:example.com -all");
            assertProblem(judge(), "broken", "leads back to itself");
        }
    }

    @Test
    void lookups() {
        zone.txt("example.com", "v=spf1 a mx a mx a mx a mx a exists:mail.example.com ip4:1.2.3.4 -all");
        assertThat(details(judge())).isEmpty();
        zone.txt("example.com", "v=spf1 a mx a mx a mx a mx a exists:mail.example.com a ip4:1.2.3.4 -all");
        assertProblem(judge(), "lookups", "more than 10");

        zone.txt("inc.example.com", "v=spf1 a a a a a a a a").a("inc.example.com");
        zone.txt("example.com", "v=spf1 a include:inc.example.com ip4:1.2.3.4 -all");
        assertThat(details(judge())).isEmpty();
        zone.txt("example.com", "v=spf1 a include:inc.example.com a ip4:1.2.3.4 -all");
        assertProblem(judge(), "lookups", "more than 10");
    }

    /// Eleven mail servers are too many where the record asks for them; eleven addresses are not.
    @Test
    void many_records() {
        var servers = IntStream.range(0, 11).mapToObj(i -> "mail.example.com").toArray(String[]::new);
        zone.mx("example.com", servers).txt("example.com", "v=spf1 mx -all");
        assertProblem(judge(), "broken", "more than 10 mail servers");

        var addresses = IntStream.range(1, 13).mapToObj(i -> "192.0.2." + i).toArray(String[]::new);
        zone.addresses("example.com", Type.A, addresses).txt("example.com", "v=spf1 a -all");
        assertThat(details(judge())).isEmpty();
    }

    /// The RFC leaves this limit to receivers (section 4.6.4: "SHOULD"), so it is a small problem here.
    @Test
    void void_lookups() {
        zone.txt("example.com", "v=spf1 a:err.example.com a:err1.example.com -all");
        assertThat(details(judge())).isEmpty();
        zone.txt("example.com", "v=spf1 a:err.example.com a:err1.example.com a:err2.example.com -all");
        assertProblem(judge(), "void-lookups", Severity.LOW, "more than 2 names");
    }

    private Verdict judge() {
        return zone.judge(check, "example.com");
    }

    private static Stream<String> details(Verdict verdict) {
        return verdict instanceof Verdict.Fail(var problems) ? problems.stream().map(Problem::detail) : Stream.of();
    }

    private static String bytes(String text) {
        return BYTE.matcher(text).replaceAll(found -> Character.toString(Integer.parseInt(found.group(1), 16)));
    }
}
