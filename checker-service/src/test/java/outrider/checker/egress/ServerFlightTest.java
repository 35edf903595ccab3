package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static outrider.checker.egress.FakeTls.alert;
import static outrider.checker.egress.FakeTls.flight;
import static outrider.checker.egress.FakeTls.hello;
import static outrider.checker.egress.FakeTls.joined;
import static outrider.checker.egress.FakeTls.message;
import static outrider.checker.egress.FakeTls.record;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.egress.HelloAnswer.Accepted;
import outrider.checker.egress.HelloAnswer.NotTls;
import outrider.checker.egress.HelloAnswer.Refused;
import outrider.checker.egress.HelloAnswer.Unclear;

class ServerFlightTest {

    private static final int SUITE = 0x002F;
    private static final byte[] CERTIFICATE = message(11, new byte[] {0, 0, 0});
    private static final byte[] DONE = message(14, new byte[0]);

    @ParameterizedTest
    @EnumSource(names = "TLS_1_3", mode = EnumSource.Mode.EXCLUDE)
    void a_whole_flight_accepts_its_version(TlsVersion version) throws IOException {
        assertThat(read(TlsVersion.TLS_1_2, flight(version))).isEqualTo(new Accepted(version));
    }

    @Test
    void a_hello_of_tls_1_3_is_told_by_its_extension() throws IOException {
        var extended = ByteBuffer.allocate(46)
                .put(hello(0x0303, 0x1301))
                .put(new byte[] {0, 6, 0, 43, 0, 2, 3, 4})
                .array();

        assertThat(read(TlsVersion.TLS_1_3, record(22, 0x0303, message(2, extended))))
                .isEqualTo(new Accepted(TlsVersion.TLS_1_3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 11, 47})
    void messages_may_be_cut_anywhere_into_records(int size) throws IOException {
        var messages = joined(message(2, hello(0x0301, SUITE)), CERTIFICATE, message(12, new byte[3]), DONE);
        var records = new byte[0][];
        for (var i = 0; i < messages.length; i += size) {
            records = Arrays.copyOf(records, records.length + 1);
            records[records.length - 1] =
                    record(22, 0x0301, Arrays.copyOfRange(messages, i, Math.min(i + size, messages.length)));
        }

        assertThat(read(TlsVersion.TLS_1_1, joined(records)))
                .isEqualTo(
                        records.length <= 64
                                ? new Accepted(TlsVersion.TLS_1_0)
                                : unclear("more records than a server has to send"));
    }

    @Test
    void an_alert_refuses_before_and_after_a_hello() throws IOException {
        assertThat(read(TlsVersion.TLS_1_1, alert(2, 70))).isEqualTo(new Refused(70));
        assertThat(read(TlsVersion.TLS_1_1, joined(record(22, 0x0301, message(2, hello(0x0301, SUITE))), alert(2, 40))))
                .isEqualTo(new Refused(40));
    }

    @Test
    void a_warning_refuses_nothing() throws IOException {
        assertThat(read(TlsVersion.TLS_1_1, joined(alert(1, 112), flight(TlsVersion.TLS_1_1))))
                .isEqualTo(new Accepted(TlsVersion.TLS_1_1));
    }

    @Test
    void what_is_no_tls_is_told_from_what_is_broken() throws IOException {
        assertThat(read(TlsVersion.TLS_1_1, text("HTTP/1.1 400 Bad Request\r\n")))
                .isEqualTo(new NotTls(true));
        assertThat(read(TlsVersion.TLS_1_1, text("SSH-2.0-x\r\n"))).isEqualTo(new NotTls(false));
        assertThat(read(TlsVersion.TLS_1_1, joined(alert(1, 112), text("HTTP/1.1"))))
                .isEqualTo(unclear("a record that has no place there"));
    }

    @Test
    void lies_are_unclear() throws IOException {
        assertThat(read(TlsVersion.TLS_1_0, flight(TlsVersion.TLS_1_1)))
                .isEqualTo(unclear("a hello with a version that was not offered"));
        assertThat(read(TlsVersion.TLS_1_1, record(22, 0x0301, message(2, hello(0x0301, 0xC02F)))))
                .isEqualTo(unclear("a hello with a cipher suite that was not offered"));
        assertThat(read(TlsVersion.TLS_1_1, record(22, 0x0301, message(2, hello(0x7f1c, SUITE)))))
                .isEqualTo(unclear("a hello with a version that was not offered"));
        assertThat(read(TlsVersion.TLS_1_1, record(22, 0x0301, joined(message(2, hello(0x0301, SUITE)), DONE))))
                .isEqualTo(unclear("the end of its turn without a certificate"));
        assertThat(read(TlsVersion.TLS_1_1, record(22, 0x0301, CERTIFICATE)))
                .isEqualTo(unclear("handshake message 11 in place of a hello"));
        assertThat(read(TlsVersion.TLS_1_1, record(22, 0x0301, message(2, new byte[37]))))
                .isEqualTo(unclear("a hello that is too short"));
    }

    @Test
    void an_early_end_is_an_end() {
        var whole = flight(TlsVersion.TLS_1_0);
        for (var length = 0; length < whole.length; length++) {
            var part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(TlsVersion.TLS_1_1, part)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void of_an_endless_server_a_bounded_part_is_read() throws IOException {
        assertThat(consumed(record(22, 0x0301, new byte[0]))).isLessThanOrEqualTo(64 * 5);
        assertThat(consumed(alert(1, 112))).isLessThanOrEqualTo(64 * 7);
        assertThat(consumed(record(22, 0x0301, new byte[16_384]))).isLessThanOrEqualTo(64 * 1024 + 5 * 5);
        assertThat(consumed(record(22, 0x0301, message(2, new byte[0xFFF]))))
                .as("a hello that is no hello")
                .isLessThan(64 * 1024);
        assertThat(consumed(new byte[] {22, 3, 1, (byte) 0xFF, (byte) 0xFF}))
                .as("a record larger than records are")
                .isEqualTo(5);
    }

    @Property
    void any_bytes_are_read_without_an_exception(@ForAll byte[] bytes) throws IOException {
        assertEnds(bytes);
    }

    @Property
    void any_records_are_read_without_an_exception(@ForAll("records") byte[] bytes) throws IOException {
        assertEnds(bytes);
    }

    @Property
    void any_damaged_flight_is_read_without_an_exception(@ForAll TlsVersion version, @ForAll int at, @ForAll byte value)
            throws IOException {
        var flight = flight(version);
        flight[Math.floorMod(at, flight.length)] = value;

        assertEnds(flight);
    }

    @Provide
    Arbitrary<byte[]> records() {
        var message = Combinators.combine(
                        Arbitraries.of(0, 2, 11, 12, 13, 14, 22, 99),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(80))
                .as(FakeTls::message);
        return Combinators.combine(Arbitraries.of(21, 22), Arbitraries.of(0x0300, 0x0303), message)
                .as(FakeTls::record)
                .list()
                .ofMaxSize(80)
                .map(records -> joined(records.toArray(byte[][]::new)));
    }

    private static void assertEnds(byte[] bytes) throws IOException {
        for (var highest : TlsVersion.values()) {
            try {
                assertThat(read(highest, bytes)).isNotNull();
            } catch (EOFException e) {
                // Nothing but the stream's own end.
            }
        }
    }

    private static HelloAnswer read(TlsVersion highest, byte[] bytes) throws IOException {
        return new ServerFlight(new ClientHello(highest, "example.test")).read(new ByteArrayInputStream(bytes));
    }

    private static long consumed(byte[] again) throws IOException {
        var endless = new Endless(again);
        assertThat(new ServerFlight(new ClientHello(TlsVersion.TLS_1_1, "example.test")).read(endless))
                .isInstanceOf(Unclear.class);
        return endless.taken;
    }

    private static Unclear unclear(String what) {
        return new Unclear(new Trouble(Trouble.Kind.BROKEN, "it answered a TLS hello with " + what));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Endless extends InputStream {

        private final byte[] again;
        private long taken;

        Endless(byte[] again) {
            this.again = again;
        }

        @Override
        public int read() {
            return again[(int) (taken++ % again.length)] & 0xFF;
        }
    }
}
