package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralsTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "[::1]", "2001:DB8::1", "::ffff:10.0.0.1"})
    void reads_plain_addresses(String text) {
        assertThat(Literals.address(text)).isPresent();
        assertThat(Literals.isDisguised(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "127.0.0.01",
                "127.0.0.1.",
                "1.2.3.4.5",
                "foo.1",
                "foo.0x7f",
                "256.1.1.1",
                "017700000001",
                "fe80::1%eth0",
                "[::1%1]",
                "::1::",
                "a:b",
                "\uFF11\uFF12\uFF17.0.0.1",
                "127\u30020\u30020\u30021",
                "127.0.0.1 "
            })
    void sees_through_disguises(String text) {
        assertThat(Literals.address(text)).isEmpty();
        assertThat(Literals.isDisguised(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "1.2.3.4.example.com", "_x.example.com", "x", ""})
    void the_rest_is_neither(String text) {
        assertThat(Literals.address(text)).isEmpty();
        assertThat(Literals.isDisguised(text)).isFalse();
    }

    @Property
    void any_text_is_read_without_an_exception(
            @ForAll @StringLength(max = 40) @Chars({'.', ':', '[', ']', '/', '%', 'x'}) @CharRange(from = '0', to = 'f')
                    String text) {
        Literals.address(text);
        Literals.isDisguised(text);
    }
}
