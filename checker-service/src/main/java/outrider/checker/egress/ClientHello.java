package outrider.checker.egress;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.stream.IntStream;

/// The first message of a handshake, written by hand: the platform refuses to offer old versions, and a server that
/// accepts one can be recognised without any cryptography.
///
/// It offers the given version and, as TLS has it, all below; and every cipher suite that a server might still want,
/// so that a refusal is about the version.
final class ClientHello {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int HANDSHAKE = 22;
    private static final int MAX_LENGTH = 2048;

    /// Some load balancers choke on a hello of 256 to 511 bytes (RFC 7685, section 1).
    private static final int UNLOVED_FROM = 256;

    private static final int UNLOVED_BELOW = 512;

    private static final int[] TLS_1_3_SUITES = {0x1301, 0x1302, 0x1303};
    private static final int[] TLS_1_2_SUITES = {
        0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC023, 0xC027, 0xC024, 0xC028, 0x009E, 0x009F, 0xCCAA, 0x0067,
        0x006B, 0x009C, 0x009D, 0x003C, 0x003D
    };

    /// The last one is no suite but says that we know of secure renegotiation (RFC 5746).
    private static final int[] OLD_SUITES = {
        0xC009, 0xC013, 0xC00A, 0xC014, 0x0033, 0x0039, 0x0032, 0x0038, 0x002F, 0x0035, 0x0041, 0x0084, 0xC008, 0xC012,
        0x0016, 0x0013, 0x000A, 0x0096, 0x0007, 0xC007, 0xC011, 0x0005, 0x0004, 0x0015, 0x0012, 0x0009, 0x0014, 0x0011,
        0x0008, 0x0006, 0x0003, 0x00FF
    };

    private static final int[] GROUPS = {0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100};
    private static final int X25519 = 0x001D;
    private static final int[] SIGNATURES = {
        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202
    };

    private final TlsVersion highest;
    private final int[] suites;
    private final byte[] bytes;

    /// @param host named in the hello (SNI) unless it is an address, or SSL 3.0 is all there is to offer
    ClientHello(TlsVersion highest, String host) {
        this.highest = highest;
        this.suites = suites(highest);
        var plain = write(host, 0);
        var length = plain.length - 5;
        var padding = length >= UNLOVED_FROM && length < UNLOVED_BELOW && highest != TlsVersion.SSL_3
                ? Math.max(UNLOVED_BELOW - length, 4)
                : 0;
        this.bytes = padding == 0 ? plain : write(host, padding);
    }

    TlsVersion highest() {
        return highest;
    }

    boolean offers(int suite) {
        return IntStream.of(suites).anyMatch(offered -> offered == suite);
    }

    /// The record as it goes over the wire.
    byte[] bytes() {
        return bytes.clone();
    }

    private static int[] suites(TlsVersion highest) {
        return switch (highest) {
            case SSL_3, TLS_1_0, TLS_1_1 -> OLD_SUITES;
            case TLS_1_2 -> concat(TLS_1_2_SUITES, OLD_SUITES);
            case TLS_1_3 -> concat(TLS_1_3_SUITES, concat(TLS_1_2_SUITES, OLD_SUITES));
        };
    }

    private static int[] concat(int[] one, int[] other) {
        return IntStream.concat(IntStream.of(one), IntStream.of(other)).toArray();
    }

    /// @param padding the bytes that the padding extension takes in all
    private byte[] write(String host, int padding) {
        var out = ByteBuffer.allocate(MAX_LENGTH);
        // The record layer of a first hello stays at TLS 1.0, for old servers' sake (RFC 8446, section 5.1).
        var layer = highest == TlsVersion.SSL_3 ? TlsVersion.SSL_3 : TlsVersion.TLS_1_0;
        out.put((byte) HANDSHAKE).putShort((short) layer.code());
        nested(out, 2, () -> {
            out.put((byte) 1);
            nested(out, 3, () -> body(out, host, padding));
        });
        var written = new byte[out.position()];
        out.flip().get(written);
        return written;
    }

    private void body(ByteBuffer out, String host, int padding) {
        var legacy = highest == TlsVersion.TLS_1_3 ? TlsVersion.TLS_1_2 : highest;
        out.putShort((short) legacy.code()).put(random());
        out.put((byte) 0);
        nested(out, 2, () -> shorts(out, suites));
        out.put((byte) 1).put((byte) 0);
        if (highest != TlsVersion.SSL_3) {
            nested(out, 2, () -> extensions(out, host, padding));
        }
    }

    private void extensions(ByteBuffer out, String host, int padding) {
        if (Literals.address(host).isEmpty()) {
            var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
            extension(
                    out,
                    0,
                    () -> nested(out, 2, () -> {
                        out.put((byte) 0);
                        nested(out, 2, () -> out.put(name.getBytes(StandardCharsets.US_ASCII)));
                    }));
        }
        extension(out, 10, () -> nested(out, 2, () -> shorts(out, GROUPS)));
        extension(out, 11, () -> nested(out, 1, () -> out.put((byte) 0)));
        if (highest.isModern()) {
            extension(out, 13, () -> nested(out, 2, () -> shorts(out, SIGNATURES)));
        }
        if (highest == TlsVersion.TLS_1_3) {
            extension(
                    out,
                    43,
                    () -> nested(out, 1, () -> shorts(out, TlsVersion.TLS_1_3.code(), TlsVersion.TLS_1_2.code())));
            extension(out, 45, () -> nested(out, 1, () -> out.put((byte) 1)));
            // Any 32 bytes are a public key of X25519 (RFC 7748, section 5). Nothing is ever agreed with this one.
            extension(
                    out,
                    51,
                    () -> nested(out, 2, () -> {
                        shorts(out, X25519);
                        nested(out, 2, () -> out.put(random()));
                    }));
        }
        if (padding > 0) {
            extension(out, 21, () -> out.put(new byte[padding - 4]));
        }
    }

    private static void extension(ByteBuffer out, int type, Runnable content) {
        shorts(out, type);
        nested(out, 2, content);
    }

    /// Writes the content with its length before it, in that many bytes.
    private static void nested(ByteBuffer out, int width, Runnable content) {
        var start = out.position();
        out.position(start + width);
        content.run();
        var length = out.position() - start - width;
        for (var i = 0; i < width; i++) {
            out.put(start + i, (byte) (length >> 8 * (width - 1 - i)));
        }
    }

    private static void shorts(ByteBuffer out, int... values) {
        for (var value : values) {
            out.putShort((short) value);
        }
    }

    private static byte[] random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
