package outrider.insights.ingest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;

/// The keys and content hashes of a report's insights: what remains of them here however many there are.
final class InsightSet {

    /// More would not fit the packed order of [#digest()].
    static final int MAX = 1 << 19;

    private final KeyIndex keys = new KeyIndex();
    private long[] contents = new long[32];

    int size() {
        return keys.size();
    }

    /// Whether there was no insight of that key.
    boolean add(UUID key, UUID content) {
        var number = keys.add(key);
        if (number == KeyIndex.ABSENT) {
            return false;
        }
        if (contents.length < 2 * number + 2) {
            contents = Arrays.copyOf(contents, contents.length + (contents.length >> 1) + 2);
        }
        contents[2 * number] = content.getMostSignificantBits();
        contents[2 * number + 1] = content.getLeastSignificantBits();
        return true;
    }

    /// The number of the insight with that key and that content; [KeyIndex#ABSENT] if there is none.
    int find(UUID key, UUID content) {
        var number = keys.find(key);
        return number != KeyIndex.ABSENT
                        && contents[2 * number] == content.getMostSignificantBits()
                        && contents[2 * number + 1] == content.getLeastSignificantBits()
                ? number
                : KeyIndex.ABSENT;
    }

    UUID key(int number) {
        return new UUID(keys.high(number), keys.low(number));
    }

    /// Equal for two reports of a scope exactly if they hold the same insights with the same content.
    UUID digest() {
        var sha256 = sha256();
        var row = ByteBuffer.allocate(4 * Long.BYTES);
        for (var packed : order()) {
            var number = (int) (packed & (MAX - 1));
            row.clear()
                    .putLong(keys.high(number))
                    .putLong(keys.low(number))
                    .putLong(contents[2 * number])
                    .putLong(contents[2 * number + 1]);
            sha256.update(row.flip());
        }
        var hash = ByteBuffer.wrap(sha256.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    /// The numbers by key: each below the first 45 bits of its key, so that primitives are sorted and not objects.
    private long[] order() {
        var order = new long[size()];
        for (var number = 0; number < order.length; number++) {
            order[number] = keys.high(number) & -MAX | number;
        }
        Arrays.sort(order);
        for (var i = 1; i < order.length; i++) {
            for (var j = i; j > 0 && isBehind(order[j - 1], order[j]); j--) {
                var swapped = order[j];
                order[j] = order[j - 1];
                order[j - 1] = swapped;
            }
        }
        return order;
    }

    /// Of two keys that begin alike: whether the first belongs behind the second.
    private boolean isBehind(long packed, long next) {
        if ((packed & -MAX) != (next & -MAX)) {
            return false;
        }
        var one = (int) (packed & (MAX - 1));
        var other = (int) (next & (MAX - 1));
        var high = Long.compare(keys.high(one), keys.high(other));
        return high > 0 || high == 0 && keys.low(one) > keys.low(other);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
