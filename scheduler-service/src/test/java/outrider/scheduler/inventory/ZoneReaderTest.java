package outrider.scheduler.inventory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import outrider.scan.Wire;
import outrider.web.ProblemException;

/// Bodies of every kind: what is no record of the zone ends in a problem for the sender, never in anything else.
class ZoneReaderTest {

    private static final int MOST = 1_000_000;

    @Property(tries = 5_000)
    void whatever_comes_ends_in_records_or_in_a_problem(@ForAll("zoneFiles") String body) throws IOException {
        try {
            zoneFile(body, MOST);
        } catch (ProblemException e) {
            assertThat(e.status().value()).isIn(413, 422);
        }
    }

    @Property(tries = 3_000)
    void so_does_whatever_comes_as_ndjson(
            @ForAll("names") String name, @ForAll("types") String type, @ForAll long ttl, @ForAll("datas") String data)
            throws IOException {
        var line = Wire.write(new ZoneRecord(name, type, ttl, data));
        try {
            new ZoneReader("example.com", MOST).ndjson(new ByteArrayInputStream(line), record -> {});
        } catch (ProblemException e) {
            assertThat(e.status().value()).isIn(413, 422);
        }
    }

    @Example
    void a_record_over_many_lines_is_as_short_as_one_on_one() throws IOException {
        assertThat(zoneFile("a TXT (\n\"x\" ; one )\n\"(\" ) \nb A 192.0.2.1", MOST))
                .hasSize(2);
        assertThatThrownBy(() -> zoneFile("a TXT (" + "\n\"x\"".repeat(50_000) + ")", MOST))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("has more than 65536 bytes");
        assertThatThrownBy(() -> zoneFile("a TXT " + "\\\r\n".repeat(50_000), MOST))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("has more than 65536 bytes");
    }

    @Example
    void many_short_records_may_be_long_together_but_not_longer_than_an_import() throws IOException {
        var body = "a TXT ( \"x\" ; (\n \"\\\"(\" )\n".repeat(10_000);

        assertThat(zoneFile(body, body.length())).hasSize(10_000);
        assertThatThrownBy(() -> zoneFile(body, body.length() - 1))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("body: has more than");
    }

    @Provide
    Arbitrary<String> zoneFiles() {
        var word = Arbitraries.oneOf(names(), types(), datas());
        return word.list().ofMaxSize(25).map(words -> String.join(" ", words));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(
                "@", "a", "a.example.com.", "*", ".", "", "\\", "\\999", "a..b", "x".repeat(64), "example.org.");
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of(
                "A",
                "AAAA",
                "TXT",
                "MX",
                "SOA",
                "SRV",
                "LOC",
                "APL",
                "NAPTR",
                "CAA",
                "DS",
                "DNSKEY",
                "RRSIG",
                "NSEC",
                "NSEC3",
                "TLSA",
                "SVCB",
                "HTTPS",
                "WKS",
                "A6",
                "OPT",
                "TSIG",
                "TKEY",
                "CERT",
                "IPSECKEY",
                "GPOS",
                "ANY",
                "AXFR",
                "TYPE65280",
                "NULL",
                "NOPE");
    }

    @Provide
    Arbitrary<String> datas() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "\n",
                        "(",
                        ")",
                        "\"",
                        ";",
                        "\r",
                        "\\# 4 00000000",
                        "\\# 9 zz",
                        "$TTL",
                        "$ORIGIN",
                        "$GENERATE",
                        "$INCLUDE",
                        "1-9",
                        "9-1/0",
                        "$",
                        "${0,-1,x}",
                        "IN",
                        "CH",
                        "1h",
                        "99999999999",
                        "-1",
                        "192.0.2.1",
                        "2001:db8::1",
                        "1:1.2.3.4/99",
                        "!3:q/1",
                        "alpn=h2",
                        "mandatory=key1",
                        "20991399999999",
                        "52 22 N 4 53 E -2m",
                        "ns1 hostmaster 1 2 3 4 5",
                        "AAA=",
                        "1 1 1 abc",
                        "\u0000",
                        "\u00ff"),
                Arbitraries.strings().ascii().ofMaxLength(8));
    }

    private static List<ZoneRecord> zoneFile(String body, int most) throws IOException {
        var records = new ArrayList<ZoneRecord>();
        new ZoneReader("example.com", most).zoneFile(new ByteArrayInputStream(body.getBytes(ISO_8859_1)), records::add);
        return records;
    }
}
