package outrider.scan;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// What of an asset a report is about, where that is not all of it: the names in a range of places, or some subjects
/// alone. Outside of it the report says nothing.
///
/// A range mentions all names that are there: an insight on any other subject within it is on something that is gone.
///
/// @param generation of the asset's records, from which the names were read; a report on an older one than the API
///     has seen is superseded
/// @param from the first place of the range
/// @param to the place behind its last
/// @param subjects these alone; the range is null then
public record Part(
        @Nullable Long generation,
        @Nullable Long from,
        @Nullable Long to,
        @Nullable List<String> subjects) {

    /// How many places there are.
    public static final long PLACES = 1L << 32;

    /// The most subjects that may be named.
    public static final int MOST_SUBJECTS = 1_000;

    public Part {
        if ((subjects == null) != (from != null) || (from == null) != (to == null)) {
            throw new IllegalArgumentException("part: must have either from and to, or subjects");
        }
        if (from != null && to != null && !(0 <= from && from < to && to <= PLACES)) {
            throw new IllegalArgumentException("part: from and to must be 0 to 4294967296, and from the lower");
        }
        if (subjects != null) {
            if (subjects.isEmpty() || subjects.size() > MOST_SUBJECTS) {
                throw new IllegalArgumentException("part: must have 1 to %d subjects".formatted(MOST_SUBJECTS));
            }
            subjects = subjects.stream().distinct().sorted().toList();
        }
    }

    /// Those subjects and no others.
    public static Part of(List<String> subjects) {
        return new Part(null, null, null, subjects);
    }

    /// The names of a generation from that place to the one before the other.
    public static Part range(long generation, long from, long to) {
        return new Part(generation, from, to, null);
    }

    /// Where a subject lies: the CRC-32 of its UTF-8, 0 to 2^32 - 1.
    public static long place(String subject) {
        var crc = new CRC32();
        crc.update(subject.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /// Whether a subject belongs to it.
    public boolean contains(String subject) {
        if (subjects != null) {
            return subjects.contains(subject);
        }
        var place = place(subject);
        return first() <= place && place < end();
    }

    /// The first place of its range, or of its subjects.
    public long first() {
        return from != null
                ? from
                : named().stream().mapToLong(Part::place).min().orElse(0);
    }

    /// The place behind its range, or behind its last subject.
    public long end() {
        return to != null ? to : named().stream().mapToLong(Part::place).max().orElse(0) + 1;
    }

    private List<String> named() {
        return subjects == null ? List.of() : subjects;
    }
}
