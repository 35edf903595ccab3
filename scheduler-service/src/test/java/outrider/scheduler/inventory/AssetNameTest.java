package outrider.scheduler.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.scan.AssetKind;

class AssetNameTest {

    @ParameterizedTest
    @CsvSource({
        "ZONE, example.com, example.com",
        "ZONE, ' Example.COM. ', example.com",
        "ZONE, münchen.example, xn--mnchen-3ya.example",
        "ZONE, 例え.テスト, xn--r8jz45g.xn--zckzah",
        "ZONE, 例え。テスト, xn--r8jz45g.xn--zckzah",
        "ZONE, xn--fa-hia.example, xn--fa-hia.example",
        "ZONE, r3---sn-4g5.example, r3---sn-4g5.example",
        "ZONE, 4.3.2.1.in-addr.arpa, 4.3.2.1.in-addr.arpa",
        "HOST, www.example.com, www.example.com",
        "HOST, localhost, localhost",
        "HOST, 192.0.2.7, 192.0.2.7"
    })
    void gives_one_name_one_spelling(AssetKind kind, String text, String spelling) {
        assertThat(AssetName.of(kind, text)).isEqualTo(spelling);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ZONE | ''                    | 1 to 253",
                "ZONE | .                     | between dots",
                "ZONE | com                   | example.com",
                "ZONE | example..com          | between dots",
                "ZONE | .example.com          | between dots",
                "ZONE | example.com..         | between dots",
                "ZONE | -example.com          | inner hyphens",
                "ZONE | example-.com          | inner hyphens",
                "ZONE | _dmarc.example.com    | '_dmarc'",
                "ZONE | exa mple.com          | 'exa mple'",
                "ZONE | *.example.com         | '*'",
                "ZONE | https://example.com   | endpoints",
                "ZONE | example.com:8443      | endpoints",
                "ZONE | example.com/path      | 'com/path'",
                "ZONE | 192.0.2.7             | kind 'host'",
                "ZONE | faß.example           | A-labels",
                "ZONE | 😀.example            | A-labels",
                "HOST | 192.0.2.256           | 0 to 255",
                "HOST | 192.0.2               | last part is a number",
                "HOST | example.0x7f          | last part is a number",
                "HOST | 2001:db8::1           | endpoints"
            })
    void says_what_is_wrong_with_a_name(AssetKind kind, String text, String complaint) {
        assertThatThrownBy(() -> AssetName.of(kind, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void bounds_names_and_labels() {
        var label = "a".repeat(63);
        var longest = "%s.%s.%s.%s".formatted(label, label, label, "a".repeat(61));

        assertThat(AssetName.of(AssetKind.ZONE, longest + ".")).hasSize(253);
        assertThatThrownBy(() -> AssetName.of(AssetKind.ZONE, longest + "a")).hasMessageContaining("253");
        assertThatThrownBy(() -> AssetName.of(AssetKind.ZONE, "a" + label + ".example"))
                .hasMessageContaining("63");
        assertThatThrownBy(() -> AssetName.of(AssetKind.ZONE, "é".repeat(100_000)))
                .hasMessageContaining("253");
    }
}
