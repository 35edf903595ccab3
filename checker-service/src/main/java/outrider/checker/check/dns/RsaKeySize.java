package outrider.checker.check.dns;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads how long an RSA public key is, by hand: the platform's own reader refuses the very keys that are to be found.
final class RsaKeySize {

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_ID = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final byte[] RSA = {0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01};

    private final byte[] der;
    private int at;
    private final int end;

    private RsaKeySize(byte[] der, int at, int end) {
        this.der = der;
        this.at = at;
        this.end = end;
    }

    /// The bits of the modulus of a SubjectPublicKeyInfo (RFC 5280) or of a bare RSAPublicKey (RFC 8017), both of which
    /// receivers take; empty if it is neither.
    static OptionalInt of(byte[] der) {
        var outer = new RsaKeySize(der, 0, der.length).enter(SEQUENCE);
        if (outer == null) {
            return OptionalInt.empty();
        }
        var algorithm = outer.enter(SEQUENCE);
        if (algorithm == null) {
            return outer.key();
        }
        var id = algorithm.enter(OBJECT_ID);
        var bits = outer.enter(BIT_STRING);
        if (id == null || bits == null || !Arrays.equals(id.rest(), RSA) || bits.at == bits.end || der[bits.at] != 0) {
            return OptionalInt.empty();
        }
        bits.at++;
        var key = bits.enter(SEQUENCE);
        return key == null ? OptionalInt.empty() : key.key();
    }

    private OptionalInt key() {
        var modulus = enter(INTEGER);
        var exponent = enter(INTEGER);
        if (modulus == null || exponent == null || modulus.at == modulus.end || der[modulus.at] < 0) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(new BigInteger(modulus.rest()).bitLength());
    }

    private byte[] rest() {
        return Arrays.copyOfRange(der, at, end);
    }

    /// The inside of the element that comes next, which is then behind us; null, and nothing read, if it is another
    /// one or does not fit.
    private @Nullable RsaKeySize enter(int tag) {
        if (end - at < 2 || (der[at] & 0xFF) != tag) {
            return null;
        }
        var length = der[at + 1] & 0xFF;
        var start = at + 2;
        if (length >= 0x80) {
            var bytes = length - 0x80;
            if (bytes < 1 || bytes > 3 || end - start < bytes) {
                return null;
            }
            length = 0;
            for (var i = 0; i < bytes; i++) {
                length = length << 8 | der[start++] & 0xFF;
            }
        }
        if (length > end - start) {
            return null;
        }
        at = start + length;
        return new RsaKeySize(der, start, at);
    }
}
