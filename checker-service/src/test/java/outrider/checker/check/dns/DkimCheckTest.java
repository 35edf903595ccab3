package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;
import outrider.insight.Confidence;
import outrider.insight.Severity;

class DkimCheckTest {

    private static final String STRONG = rsa(2048);
    private static final String WILD = Unlikely.below("_domainkey.example.com");

    private final DkimCheck check = new DkimCheck();
    private final FakeZone zone = new FakeZone().a("example.com");

    @Test
    void no_key_at_a_known_selector_is_no_problem() {
        assertNotApplicable(judge(), "cannot be listed");
        assertThat(zone.asked()).containsExactly("_domainkey.example.com TXT");

        zone.txt("unheard-of._domainkey.example.com", "v=DKIM1; p=!");
        assertNotApplicable(judge(), "cannot be listed");
        assertThat(zone.asked()).hasSize(1 + 1 + DkimCheck.SELECTORS.size());
    }

    @Test
    void a_strong_key_passes_with_fourteen_questions() {
        key("v=DKIM1; k=rsa; p=" + STRONG);

        assertPass(judge());
        assertThat(zone.asked()).hasSize(14);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=DKIM1; p=", "v=DKIM1; k=rsa; p=  ;", "p=", "v=DKIM1; k=ed25519; p="})
    void an_empty_key_is_revoked_and_fine(String record) {
        key(record);

        assertPass(judge());
    }

    @Test
    void a_short_key_is_a_problem_and_a_weak_one_a_larger() {
        key("v=DKIM1; p=" + rsa(1024));
        assertProblem(judge(), "google/short", "google has a key of 1024 bits");

        key("v=DKIM1; p=" + rsa(512));
        assertProblem(judge(), "google/weak", Severity.MEDIUM, "only 512 bits");
    }

    /// RFC 6376, appendix C, folded with blanks as its text allows (section 3.6.1, "base64string").
    @Test
    void reads_the_example_of_the_rfc() {
        key("v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ "
                + "DwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt IxN2SnFC"
                + "jxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb"
                + "to/NMqJ0fzfVjH4OuKhi tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB");

        assertProblem(judge(), "google/short", "1024 bits");
    }

    /// RFC 8463, appendix A.2.
    @Test
    void reads_the_example_of_ed25519() {
        key("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assertPass(judge());

        key(
                "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY"
                        + "/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G"
                        + "+2kryOTIKT+l/K4w3QIDAQAB");
        assertProblem(judge(), "google/short", "1024 bits");
    }

    @Test
    void takes_the_bare_form_of_rsa_keys_too() {
        var whole = Base64.getDecoder().decode(STRONG);
        key("v=DKIM1; p=" + Base64.getEncoder().encodeToString(Arrays.copyOfRange(whole, 24, whole.length)));

        assertPass(judge());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=DKIM1; k=rsa",
                "v=DKIM1; p=not base64!",
                "v=DKIM1; p=aGVsbG8=",
                "v=DKIM1; k=ed25519; p=aGVsbG8=",
                "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"
            })
    void a_key_that_cannot_be_read_is_a_problem(String record) {
        key(record);

        assertProblem(judge(), "google/malformed", "cannot be read");
    }

    @Test
    void a_key_for_sha1_alone_is_a_problem() {
        key("v=DKIM1; h=sha1; p=" + STRONG);
        assertProblem(judge(), "google/sha1", "SHA-1");

        key("v=DKIM1; h=sha1:sha256; p=" + STRONG);
        assertPass(judge());
    }

    @Test
    void an_unknown_type_and_two_keys_are_problems() {
        key("v=DKIM1; k=x448; p=aGVsbG8=");
        assertProblem(judge(), "google/type", "type x448");

        zone.txt("google._domainkey.example.com", "v=DKIM1; p=" + STRONG, "v=DKIM1; p=");
        assertProblem(judge(), "google/multiple", "2 key records");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v=spf1 -all", "v=DMARC1; p=none", "google-site-verification=x", "o=~; r=a@example.com", ""})
    void a_text_about_something_else_is_no_key(String text) {
        key(text);

        assertNotApplicable(judge(), "cannot be listed");
    }

    @Test
    void what_a_wildcard_answers_is_no_key_of_the_selector() {
        for (var selector : DkimCheck.SELECTORS) {
            zone.txt(selector + "._domainkey.example.com", "v=spf1 -all");
        }
        zone.txt(WILD, "v=spf1 -all");
        assertNotApplicable(judge(), "cannot be listed");
    }

    @Test
    void a_wildcard_that_revokes_everything_passes() {
        for (var selector : DkimCheck.SELECTORS) {
            zone.txt(selector + "._domainkey.example.com", "v=DKIM1; p=");
        }
        assertPass(zone.txt(WILD, "v=DKIM1; p=").judge(check, "example.com"));
    }

    @Test
    void a_weak_key_at_a_wildcard_is_one_problem_and_suspected() {
        var weak = "v=DKIM1; p=" + rsa(512);
        for (var selector : DkimCheck.SELECTORS) {
            zone.txt(selector + "._domainkey.example.com", weak);
        }
        zone.txt(WILD, weak);

        assertThat(assertProblem(judge(), "*/weak", Severity.MEDIUM, "selector * has")
                        .confidence())
                .isEqualTo(Confidence.TENTATIVE);
    }

    @Test
    void an_alias_at_the_selector_is_followed() {
        zone.answer(
                "selector1._domainkey.example.com",
                Type.TXT,
                new DnsAnswer.Records(
                        List.of("selector1-example-com._domainkey.provider.example"),
                        List.of(new DnsRecord.Txt("v=DKIM1; p=" + rsa(1024)))));

        assertProblem(judge(), "selector1/short", "1024");
    }

    @Test
    void what_cannot_be_asked_is_an_error() {
        zone.fails("_domainkey.example.com", Type.TXT);
        assertCouldNotTell(judge(), "SERVFAIL");

        zone.txt("_domainkey.example.com", "t=y").fails("s2._domainkey.example.com", Type.TXT);
        key("v=DKIM1; p=" + rsa(512));
        assertCouldNotTell(judge(), "SERVFAIL");
    }

    private void key(String record) {
        zone.txt("google._domainkey.example.com", record);
    }

    private Verdict judge() {
        return zone.judge(check, "example.com");
    }

    private static String rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
