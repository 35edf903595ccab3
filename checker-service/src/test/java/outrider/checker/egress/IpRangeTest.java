package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/-1", "::/129", "example.com/8"})
    void refuses_what_is_no_range(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpRange.of(text));
    }

    @Test
    void an_address_alone_is_a_range_of_one() {
        assertThat(IpRange.of("192.0.2.1")).hasToString("192.0.2.1/32");
        assertThat(IpRange.of("::1").prefix()).isEqualTo(128);
    }

    @Property
    void holds_exactly_the_addresses_that_share_the_prefix(
            @ForAll int base, @ForAll int other, @ForAll @IntRange(max = 32) int prefix) throws Exception {
        var mask = prefix == 0 ? 0 : -1 << 32 - prefix;
        var range = new IpRange(address(base & mask), prefix);

        assertThat(range.contains(address(other))).isEqualTo((base & mask) == (other & mask));
    }

    private static InetAddress address(int bits) throws Exception {
        return InetAddress.getByAddress(
                new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
    }
}
