package outrider.lanes;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// What a commit says beyond its offset: below `horizon`, every offset that is not listed is settled; from
/// `horizon` on nothing is known.
///
/// As text it is base64 of: version (1 byte), CRC-32 (4 bytes), then as varints the committed offset, the
/// distance from it to the horizon, the epoch and one more (not in version 1), and the gap before each unsettled
/// offset. A map that cannot be read costs redo, never loss.
///
/// @param committed the offset that is committed together with this map
/// @param horizon exclusive; at least `committed`
/// @param unsettled ascending, all from `committed` to below `horizon`
/// @param epoch the highest leader epoch among the records polled so far; -1: not known. A record below the
/// horizon of a higher one is not the one that was settled: the log was cut and has been written again since.
record OffsetMap(long committed, long horizon, List<Long> unsettled, int epoch) {
    static final int UNKNOWN_EPOCH = -1;

    /// The broker's default for `offset.metadata.max.bytes`.
    static final int MAX_TEXT = 4096;

    private static final byte VERSION = 2;
    private static final byte WITHOUT_EPOCH = 1;
    private static final int HEADER = 1 + Integer.BYTES;
    private static final int MAX_VARINT = 10;
    private static final int MAX_BYTES = MAX_TEXT / 4 * 3;

    OffsetMap {
        if (committed < 0 || horizon < committed) {
            throw new IllegalArgumentException("horizon %d lies below offset %d".formatted(horizon, committed));
        }
        unsettled = List.copyOf(unsettled);
    }

    OffsetMap(long committed, long horizon, List<Long> unsettled) {
        this(committed, horizon, unsettled, UNKNOWN_EPOCH);
    }

    /// The map with the horizon lowered past unsettled offsets right below it: they would be run again either
    /// way.
    OffsetMap trimmed() {
        int size = unsettled.size();
        long lowered = horizon;
        while (size > 0 && unsettled.get(size - 1) == lowered - 1) {
            size--;
            lowered--;
        }
        return new OffsetMap(committed, lowered, unsettled.subList(0, size), epoch);
    }

    /// At most [#MAX_TEXT] characters of ASCII; empty when the offset alone says it all.
    String encode() {
        if (horizon == committed) {
            return "";
        }
        ByteBuffer gaps = ByteBuffer.allocate(MAX_BYTES - HEADER - 3 * MAX_VARINT);
        long reached = horizon;
        long next = committed;
        for (long offset : unsettled) {
            if (gaps.remaining() < MAX_VARINT) {
                reached = offset;
                break;
            }
            putVarint(gaps, offset - next);
            next = offset + 1;
        }
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES).position(HEADER);
        putVarint(bytes, committed);
        putVarint(bytes, reached - committed);
        putVarint(bytes, epoch + 1);
        bytes.put(gaps.flip());
        bytes.put(0, VERSION).putInt(1, checksum(bytes.array(), bytes.position()));
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    /// Reads the text that was committed with the offset; empty when it is not ours, damaged, or of another
    /// commit.
    static Optional<OffsetMap> decode(String text, long committed) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            byte version = buffer.get();
            if (version != VERSION && version != WITHOUT_EPOCH
                    || buffer.getInt() != checksum(bytes, bytes.length)
                    || getVarint(buffer) != committed) {
                return Optional.empty();
            }
            long horizon = Math.addExact(committed, getVarint(buffer));
            int epoch = version == WITHOUT_EPOCH ? UNKNOWN_EPOCH : Math.toIntExact(getVarint(buffer)) - 1;
            List<Long> unsettled = new ArrayList<>();
            long next = committed;
            while (buffer.hasRemaining()) {
                long offset = Math.addExact(next, getVarint(buffer));
                unsettled.add(offset);
                next = offset + 1;
            }
            return next > horizon ? Optional.empty() : Optional.of(new OffsetMap(committed, horizon, unsettled, epoch));
        } catch (IllegalArgumentException | BufferUnderflowException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static int checksum(byte[] bytes, int end) {
        var crc = new CRC32();
        crc.update(bytes, HEADER, Math.max(0, end - HEADER));
        return (int) crc.getValue();
    }

    private static void putVarint(ByteBuffer buffer, long value) {
        while (value > 0x7F) {
            buffer.put((byte) (value & 0x7F | 0x80));
            value >>>= 7;
        }
        buffer.put((byte) value);
    }

    private static long getVarint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            byte next = buffer.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new ArithmeticException("varint of more than 63 bits");
    }
}
