package outrider.bench.write.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import outrider.insight.InsightHash;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;

class BatchTest {

    private final Batch first = new Batch(Scope.fresh(), 1, 200, 0);

    @Test
    void a_report_counts_its_lines_at_its_end() {
        var lines = first.lines().toList();

        assertThat(lines.getFirst()).isInstanceOf(ReportHeader.class);
        assertThat(lines.getLast()).isEqualTo(new ReportEnd(20, 200));
        assertThat(lines).filteredOn(CheckResult.class::isInstance).hasSize(20);
        assertThat(lines).filteredOn(FoundInsight.class::isInstance).hasSize(200);
    }

    @Test
    void every_insight_has_a_key_of_its_own_and_a_failed_result_of_its_subject() {
        var failed = first.lines()
                .filter(CheckResult.class::isInstance)
                .map(line -> ((CheckResult) line).subject())
                .toList();

        assertThat(keys(first)).doesNotHaveDuplicates();
        assertThat(first.rows().map(row -> row.insight().subject())).isSubsetOf(failed);
    }

    @Test
    void its_hashes_are_those_of_its_insights() {
        assertThat(first.rows()).allSatisfy(row -> {
            assertThat(row.key()).isEqualTo(InsightHash.key(row.insight()));
            assertThat(row.content()).isEqualTo(InsightHash.content(row.insight()));
        });
    }

    @Test
    void so_many_in_a_hundred_change_and_none_comes_or_goes() {
        var second = first.next(1);
        var third = second.next(10);

        assertThat(keys(second)).isEqualTo(keys(first));
        assertThat(changed(first, second)).isEqualTo(2);
        assertThat(changed(second, third)).isEqualTo(20);
        assertThat(changed(first, first.next(0))).isZero();
        assertThat(changed(first, first.next(100))).isEqualTo(200);
    }

    @Test
    void what_changed_before_changes_again() {
        var second = first.next(1);

        assertThat(changed(second, second.next(1))).isEqualTo(2);
    }

    @Test
    void the_same_again_is_a_later_report() {
        var second = first.next(10);
        var again = second.again();

        assertThat(again.sequence()).isEqualTo(3);
        assertThat(again.at()).isAfter(second.at());
        assertThat(changed(second, again)).isZero();
    }

    @Test
    void a_report_too_large_to_be_kept_says_the_same_each_time() {
        var large = new Batch(Scope.fresh(), 1, 20_001, 0);

        assertThat(large.lines().toList()).isEqualTo(large.lines().toList());
    }

    @Test
    void what_is_known_comes_without_its_body() {
        assertThat(first.lines(number -> number % 2 == 0))
                .filteredOn(KnownInsight.class::isInstance)
                .hasSize(100)
                .isSubsetOf(first.question().toList());
    }

    private static List<UUID> keys(Batch report) {
        return report.rows().map(Batch.Row::key).toList();
    }

    private static long changed(Batch before, Batch after) {
        var contents = before.rows().map(Batch.Row::content).toList();
        return after.rows().filter(row -> !contents.contains(row.content())).count();
    }
}
