package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class OffsetMapTest {

    @Property
    void what_fits_is_read_back_as_it_was(@ForAll("maps") OffsetMap map) {
        var text = map.encode();
        assertThat(text.length()).isLessThanOrEqualTo(OffsetMap.MAX_TEXT);
        assertThat(text).matches("[A-Za-z0-9+/=]*");
        if (map.horizon() > map.committed()) {
            assertThat(OffsetMap.decode(text, map.committed())).contains(map);
        }
    }

    @Property(tries = 200)
    void what_does_not_fit_lowers_the_horizon_to_the_first_offset_left_out(
            @ForAll @IntRange(min = 2_000, max = 6_000) int count, @ForAll @IntRange(min = 1, max = 5_000) int gap) {
        var offsets = LongStream.range(0, count).map(i -> 7 + i * gap).boxed().toList();
        var text = new OffsetMap(7, 7 + (long) count * gap, offsets).encode();
        assertThat(text.length()).isLessThanOrEqualTo(OffsetMap.MAX_TEXT);
        var read = OffsetMap.decode(text, 7).orElseThrow();
        assertThat(read.unsettled())
                .isEqualTo(offsets.subList(0, read.unsettled().size()));
        if (read.unsettled().size() < count) {
            assertThat(read.horizon()).isEqualTo(offsets.get(read.unsettled().size()));
        }
    }

    @Property
    void a_damaged_character_never_changes_what_is_read(
            @ForAll("maps") OffsetMap map, @ForAll @IntRange(max = 4_095) int position, @ForAll char other) {
        var text = new StringBuilder(map.encode());
        if (!text.isEmpty()) {
            text.setCharAt(position % text.length(), other);
            OffsetMap.decode(text.toString(), map.committed())
                    .ifPresent(read -> assertThat(read).isEqualTo(map));
        }
    }

    @Property
    void any_text_is_survived(@ForAll String text, @ForAll @IntRange(max = 1_000) int committed) {
        assertThat(OffsetMap.decode(text, committed)).isEmpty();
    }

    @Property
    void a_map_of_another_commit_is_not_used(@ForAll("maps") OffsetMap map) {
        assertThat(OffsetMap.decode(map.encode(), map.committed() + 1)).isEmpty();
    }

    @Example
    void unsettled_offsets_right_below_the_horizon_need_no_mention() {
        var map = new OffsetMap(10, 20, List.of(10L, 15L, 18L, 19L)).trimmed();
        assertThat(map).isEqualTo(new OffsetMap(10, 18, List.of(10L, 15L)));
    }

    @Example
    void a_commit_that_says_it_all_has_no_text() {
        assertThat(new OffsetMap(10, 12, List.of(10L, 11L)).trimmed().encode()).isEmpty();
    }

    @Provide
    Arbitrary<OffsetMap> maps() {
        var gaps = Arbitraries.longs().between(0, 300).list().ofMaxSize(1_400);
        return Combinators.combine(
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 2),
                        gaps,
                        Arbitraries.longs().between(0, 1_000))
                .as((committed, between, beyond) -> {
                    long[] next = {committed};
                    var offsets = between.stream()
                            .map(gap -> {
                                long offset = next[0] + gap;
                                next[0] = offset + 1;
                                return offset;
                            })
                            .toList();
                    return new OffsetMap(committed, next[0] + beyond, offsets);
                });
    }
}
