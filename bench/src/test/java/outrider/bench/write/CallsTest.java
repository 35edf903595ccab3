package outrider.bench.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;

class CallsTest {

    private final List<String> written = new ArrayList<>();

    @Test
    void kinds_take_turns_block_by_block() throws SQLException {
        var medians = new Samples<String>();

        new Calls()
                .kind("one", new Fake("one"), 2, () -> Scopes.fresh(1, 1))
                .kind("two", new Fake("two"), 1, () -> Scopes.fresh(3, 1))
                .measure(2, medians);

        assertThat(written).containsExactly("one 1", "one 1", "two 3", "one 1", "one 1", "two 3");
        assertThat(medians.medians()).containsOnlyKeys("one", "two");
        assertThat(medians.of("two").median()).isNotNegative();
    }

    @Test
    void scopes_are_reported_on_in_turn_and_each_report_is_later_than_the_last() throws SQLException {
        var scopes = new Scopes(new Fake("first"), 2, 1);

        var reports = List.of(
                scopes.next(1).getFirst(),
                scopes.next(1).getFirst(),
                scopes.next(1).getFirst());

        assertThat(reports).extracting(Batch::sequence).containsExactly(2L, 2L, 3L);
        assertThat(reports.get(0).scope())
                .isEqualTo(reports.get(2).scope())
                .isNotEqualTo(reports.get(1).scope());
    }

    private final class Fake implements Arm {
        private final String name;

        Fake(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String settings() {
            return "";
        }

        @Override
        public void write(List<Batch> reports) {
            written.add(name + " " + reports.size());
        }

        @Override
        public void close() {}
    }
}
