package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;

/// Whatever a stranger publishes is judged, without an exception and within a bounded number of questions.
class ParsersPropertyTest {

    private static final KeyPair KEY = key();

    @Property
    void spf(@ForAll("spf") String own, @ForAll("spf") String other) {
        var zone = new FakeZone()
                .mx("example.com", "mx.example.com")
                .txt("example.com", "v=spf1 " + own)
                .txt("a.example", "v=spf1 " + other);

        assertThatCode(() -> zone.judge(new SpfCheck(), "example.com")).doesNotThrowAnyException();
    }

    @Property
    void dmarc(@ForAll("dmarc") String text) {
        var zone = new FakeZone().txt("example.com", "x").txt("_dmarc.example.com", "v=DMARC1" + text);

        assertThatCode(() -> zone.judge(new DmarcCheck(), "example.com")).doesNotThrowAnyException();
    }

    @Property
    void caa(@ForAll int flags, @ForAll String tag, @ForAll String value) {
        var zone = new FakeZone()
                .a("example.com")
                .answer(
                        "example.com",
                        Type.CAA,
                        new DnsAnswer.Records(List.of(), List.of(new DnsRecord.Caa(flags, tag, value))));

        assertThatCode(() -> zone.judge(new CaaCheck(), "example.com")).doesNotThrowAnyException();
    }

    @Property
    void dkim(@ForAll("dkim") String text) {
        var zone = new FakeZone().txt("google._domainkey.example.com", text);

        assertThatCode(() -> zone.judge(new DkimCheck(), "example.com")).doesNotThrowAnyException();
    }

    /// Keys of the right shape with any byte of them changed or cut.
    @Property
    void dkim_keys(
            @ForAll @IntRange(min = 0, max = 293) int at, @ForAll byte to, @ForAll @IntRange(max = 294) int length) {
        var der = KEY.getPublic().getEncoded().clone();
        der[at] = to;
        var text = "v=DKIM1; p=" + Base64.getEncoder().encodeToString(Arrays.copyOf(der, length));

        dkim(text);
    }

    @Property
    void aliases(@ForAll List<@From("names") String> aliases) {
        var zone = new FakeZone().answer("example.com", Type.A, new DnsAnswer.NoName(aliases));

        assertThatCode(() -> zone.judge(new DanglingCnameCheck(), "example.com"))
                .doesNotThrowAnyException();
    }

    @Property(tries = 5)
    void huge_texts_take_no_time(@ForAll("pieces") String piece) {
        var text = piece.repeat(65_000 / piece.length());

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            spf(text, text);
            dmarc(text);
            dkim("v=DKIM1; p=" + text);
            dkim(text);
            caa(128, text, text);
        });
    }

    @Provide
    Arbitrary<String> spf() {
        var words = Arbitraries.of(
                "include:a.example",
                "redirect=a.example",
                "a",
                "mx:%{d}",
                "ptr",
                "exists:%{ir}.a.example",
                "-all",
                "+all",
                "?",
                "ip4:1.2.3.4/0",
                "ip6:::/0",
                "a:%{",
                "%",
                "include:",
                "a//",
                "=",
                "\u0000",
                "ä",
                "exp=x.y",
                "mx/33");
        var joined = words.list().ofMaxSize(14).map(list -> String.join(" ", list));
        return Arbitraries.oneOf(joined, Arbitraries.strings().ascii().ofMaxLength(80), Arbitraries.strings());
    }

    @Provide
    Arbitrary<String> dmarc() {
        var words = Arbitraries.of(
                ";",
                "p=none",
                "p=",
                "=",
                "sp=reject",
                "pct=999",
                "pct=7",
                "rua=mailto:a@b.example",
                "rua=mailto:@",
                "rua=mailto:a@!",
                ",mailto:x@y!1k",
                "ri=",
                " ",
                "\t",
                "v=DMARC1");
        return Arbitraries.oneOf(words.list().ofMaxSize(12).map(list -> String.join(";", list)), Arbitraries.strings());
    }

    @Provide
    Arbitrary<String> dkim() {
        var words = Arbitraries.of(
                "v=DKIM1",
                "k=rsa",
                "k=ed25519",
                "k=",
                "p=",
                "p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJB",
                "p=MIH/",
                "p= A A = =",
                "p=====",
                "h=sha1",
                "h=:",
                "h=sha256:",
                "t=y",
                "v=",
                "=",
                "\u0000");
        return Arbitraries.oneOf(
                words.list().ofMaxSize(8).map(list -> String.join(";", list)),
                Arbitraries.strings().map(text -> "v=DKIM1; p=" + text),
                Arbitraries.strings());
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "com",
                        "a.com",
                        "a.azurewebsites.net",
                        "azurewebsites.net",
                        "1.2.3.4",
                        ".",
                        "a..b",
                        "xn--",
                        "*"),
                Arbitraries.strings());
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                " a",
                "%{d}",
                "v=spf1 ",
                ";p=none",
                "=",
                " include:a.example",
                ";rua=mailto:a@b.c,",
                "/",
                "MII",
                ";h=sha1:");
    }

    private static KeyPair key() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
