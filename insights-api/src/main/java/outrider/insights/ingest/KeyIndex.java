package outrider.insights.ingest;

import java.util.Arrays;
import java.util.UUID;

/// Numbers distinct 128-bit hashes in the order they come: 16 bytes a hash and 4 to 8 to find it again, no objects.
final class KeyIndex {

    static final int ABSENT = -1;

    private long[] keys = new long[32];
    private int[] table = new int[32]; // the number of the hash plus one; 0: free
    private int size;

    int size() {
        return size;
    }

    /// The number of a hash, from 0.
    int find(UUID key) {
        return table[slot(key.getMostSignificantBits(), key.getLeastSignificantBits())] - 1;
    }

    /// The number of a new hash; [#ABSENT] if it is not new.
    int add(UUID key) {
        var slot = slot(key.getMostSignificantBits(), key.getLeastSignificantBits());
        if (table[slot] != 0) {
            return ABSENT;
        }
        if (keys.length < 2 * size + 2) {
            keys = Arrays.copyOf(keys, keys.length + (keys.length >> 1) + 2);
        }
        keys[2 * size] = key.getMostSignificantBits();
        keys[2 * size + 1] = key.getLeastSignificantBits();
        table[slot] = ++size;
        if (4 * size > 3 * table.length) {
            grow();
        }
        return size - 1;
    }

    long high(int number) {
        return keys[2 * number];
    }

    long low(int number) {
        return keys[2 * number + 1];
    }

    private int slot(long high, long low) {
        var mask = table.length - 1;
        var slot = (int) low & mask;
        while (table[slot] != 0 && (high(table[slot] - 1) != high || low(table[slot] - 1) != low)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        table = new int[2 * table.length];
        for (var number = 0; number < size; number++) {
            table[slot(high(number), low(number))] = number + 1;
        }
    }
}
