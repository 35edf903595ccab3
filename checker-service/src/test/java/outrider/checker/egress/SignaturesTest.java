package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC.Algorithm;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Type;

/// Signatures as strangers make them up; the true ones are in [DnssecTest].
class SignaturesTest {

    private static final Name ZONE = Name.fromConstantString("example.test.");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Test
    void records_without_a_signature_or_with_one_of_another_key_do_not_hold() {
        var key = key(Algorithm.ECDSAP256SHA256, new byte[64]);

        assertThat(objection(set(List.of()), List.of(key))).isEqualTo("have no signature");
        assertThat(objection(set(List.of(signature(Algorithm.ED25519, 1, new byte[64]))), List.of(key)))
                .isEqualTo("have no signature by a key of the zone");
    }

    @Test
    void a_zone_made_to_keep_us_busy_is_left_early() {
        var key = key(Algorithm.RSASHA256, new byte[] {3, 1, 0, 1, 127, 1, 2, 3});
        var signatures = IntStream.range(0, 40)
                .mapToObj(i -> signature(Algorithm.RSASHA256, key.getFootprint(), new byte[] {(byte) i}))
                .toList();

        assertThat(objection(set(signatures), List.of(key))).isEqualTo("have more signatures than anybody tries");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Algorithm.RSASHA1,
                Algorithm.RSASHA256,
                Algorithm.ECDSAP256SHA256,
                Algorithm.ED25519,
                Algorithm.ED448
            })
    void a_key_without_bytes_has_signed_nothing(int algorithm) {
        var key = key(algorithm, new byte[0]);
        var signed = set(List.of(signature(algorithm, key.getFootprint(), new byte[64])));

        assertThat(objection(signed, List.of(key))).isEqualTo("have a signature that does not fit them");
    }

    @Property
    void no_exception_escapes(
            @ForAll @IntRange(max = 20) int algorithm,
            @ForAll @Size(max = 300) byte[] key,
            @ForAll @Size(max = 300) byte[] signature) {
        var made = key(algorithm, key);
        var set = set(List.of(signature(algorithm, made.getFootprint(), signature)));

        assertThatCode(() -> new Signatures(NOW).objection(set, List.of(made))).doesNotThrowAnyException();
        assertThat(new Signatures(NOW).objection(set, List.of(made))).isPresent();
    }

    private static String objection(RRset set, List<DNSKEYRecord> keys) {
        return new Signatures(NOW).objection(set, keys).orElse("");
    }

    private static DNSKEYRecord key(int algorithm, byte[] key) {
        return new DNSKEYRecord(ZONE, DClass.IN, 300, 257, 3, algorithm, key);
    }

    private static RRset set(List<RRSIGRecord> signatures) {
        var set = new RRset(new ARecord(ZONE, DClass.IN, 300, InetAddress.ofLiteral("192.0.2.1")));
        signatures.forEach(set::addRR);
        return set;
    }

    private static RRSIGRecord signature(int algorithm, int footprint, byte[] signature) {
        var until = NOW.plus(Duration.ofDays(1));
        return new RRSIGRecord(
                ZONE,
                DClass.IN,
                300,
                Type.A,
                algorithm,
                300,
                until,
                NOW.minus(Duration.ofDays(1)),
                footprint,
                ZONE,
                signature);
    }
}
