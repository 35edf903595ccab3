package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrityTest {

    /// The first two are examples of the W3C's Subresource Integrity, section 3.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha384-Li9vy3DqF8tnTXuiaAJuML3ky+er10rcgNR/VqsVpcw+ThHmYcwiB1pbOxEbzJr7",
                "sha512-Q2bFTOhEALkN8hOms2FKTDLy7eugP2zFZ1T8LCvX42Fp3WoNr3bjZSAHeOsHrbV1Fu9/A0EzCinRE7Af1ofPrw==",
                " sha1-x\n sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=?opaque"
            })
    void a_hash_that_browsers_know_counts(String attribute) {
        assertThat(Integrity.isGiven(attribute)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha384",
                "sha384-",
                "sha384-AAAA",
                "md5-qznLcsROx4GACP2dm0UCKA==",
                "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tn",
                "sha256-%%%"
            })
    void what_browsers_ignore_does_not(String attribute) {
        assertThat(Integrity.isGiven(attribute)).isFalse();
    }

    @Property
    void any_attribute_is_read(@ForAll String attribute) {
        Integrity.isGiven(attribute);
        Integrity.isGiven("sha256-" + attribute);
    }
}
