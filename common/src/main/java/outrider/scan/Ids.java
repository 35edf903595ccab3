package outrider.scan;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/// Makes UUIDv7 identifiers (RFC 9562, section 5.7): they sort by the millisecond they were made in.
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /// A new identifier, stamped with the clock's time.
    public static UUID next(Clock clock) {
        var high = clock.millis() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
        var low = RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | Long.MIN_VALUE;
        return new UUID(high, low);
    }
}
