package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;

/// Whatever a stranger publishes is judged, without an exception and within a bounded number of questions.
class ParsersPropertyTest {

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

    @Property(tries = 5)
    void huge_texts_take_no_time(@ForAll("pieces") String piece) {
        var text = piece.repeat(65_000 / piece.length());

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            spf(text, text);
            dmarc(text);
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
    Arbitrary<String> pieces() {
        return Arbitraries.of(" a", "%{d}", "v=spf1 ", ";p=none", "=", " include:a.example", ";rua=mailto:a@b.c,", "/");
    }
}
