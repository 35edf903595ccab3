package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityTxtTest {

    /// The example of RFC 9116, section 2.6.
    static final String UNSIGNED = """
            # Our security address
            Contact: mailto:security@example.com

            # Our OpenPGP key
            Encryption: https://example.com/pgp-key.txt

            # Our security policy
            Policy: https://example.com/security-policy.html

            # Our security acknowledgments page
            Acknowledgments: https://example.com/hall-of-fame.html

            Expires: 2021-12-31T18:37:07z
            """;

    /// That of section 2.7.
    static final String SIGNED = """
            -----BEGIN PGP SIGNED MESSAGE-----
            Hash: SHA256

            # Canonical URI
            Canonical: https://example.com/.well-known/security.txt

            """ + UNSIGNED + """
            -----BEGIN PGP SIGNATURE-----
            Version: GnuPG v2.2

            [signature]
            -----END PGP SIGNATURE-----
            """;

    @ParameterizedTest
    @ValueSource(strings = {UNSIGNED, SIGNED})
    void reads_the_examples_of_the_rfc(String text) {
        assertThat(SecurityTxt.parse(text))
                .isEqualTo(new SecurityTxt(List.of("mailto:security@example.com"), List.of("2021-12-31T18:37:07z")));
    }

    /// Those of section 2.5.3.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Contact: mailto:security@example.com",
                "Contact: mailto:security%2Buri%2Bencoded@example.com",
                "Contact: tel:+1-201-555-0123",
                "Contact: https://example.com/security-contact.html",
                "contact:mailto:a@b.example",
                "CONTACT:  \t mailto:a@b.example  ",
                "- Contact: mailto:a@b.example",
                "\uFEFFContact: mailto:a@b.example"
            })
    void reads_contacts(String line) {
        assertThat(SecurityTxt.parse(line).hasContact()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Contact:",
                "Contact: security@example.com",
                "Contact: http://example.com/contact",
                "Contact: mailto:",
                "Contact: : x",
                "# Contact: mailto:a@b.example",
                " Contact: mailto:a@b.example",
                "Contact mailto:a@b.example",
                "My Contact: mailto:a@b.example"
            })
    void refuses_what_is_no_contact(String line) {
        assertThat(SecurityTxt.parse(line).hasContact()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2021-12-31T18:37:07z, 2021-12-31T18:37:07Z",
        "2021-12-31t20:37:07.5+02:00, 2021-12-31T18:37:07.5Z",
        "2021-12-31 18:37:07Z, 2021-12-31T18:37:07Z"
    })
    void reads_times_as_rfc_3339_has_them(String text, Instant time) {
        assertThat(SecurityTxt.time(text)).contains(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2021-12-31",
                "2021-12-31T18:37:07",
                "Thu, 31 Dec 2021 18:37:07 -0700",
                "2021-02-30T00:00:00Z"
            })
    void refuses_other_times(String text) {
        assertThat(SecurityTxt.time(text)).isEmpty();
    }

    @Test
    void every_line_end_counts_and_what_is_too_much_is_left_out() {
        assertThat(SecurityTxt.parse("Contact: a:b\r\nExpires: x\rContact: c:d\nExpires: y"))
                .isEqualTo(new SecurityTxt(List.of("a:b", "c:d"), List.of("x", "y")));
        assertThat(SecurityTxt.parse("Contact: a:b\n".repeat(5_000)).contacts()).hasSize(100);
        assertThat(SecurityTxt.parse("Contact: a:" + "b".repeat(5_000)).contacts())
                .isEmpty();
    }

    @Test
    void a_huge_text_takes_no_time() {
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            for (var piece : new String[] {"\n", "Contact:", "Expires: 9\n", "- ", "a: b\r"}) {
                SecurityTxt.parse(piece.repeat(100_000));
            }
        });
    }

    @Property
    void any_text_is_read(@ForAll("texts") String text) {
        var read = SecurityTxt.parse(text);

        read.hasContact();
        read.expires().forEach(SecurityTxt::time);
        assertThat(read.contacts()).hasSizeLessThanOrEqualTo(100);
        SecurityTxt.time(text);
    }

    @Provide
    Arbitrary<String> texts() {
        var pieces = Arbitraries.of(
                "Contact",
                "Expires",
                ":",
                " ",
                "\n",
                "\r",
                "- ",
                "#",
                "mailto:",
                "2030-01-01T00:00:00Z",
                "\u0000",
                "é");
        return Arbitraries.oneOf(pieces.list().ofMaxSize(15).map(list -> String.join("", list)), Arbitraries.strings());
    }
}
