package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PartitionProgressTest {

    @Property(tries = 300)
    void no_commit_passes_an_unsettled_job_and_no_restart_skips_one(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 400) int steps) {
        var model = new ProgressModel(random);
        for (int i = 0; i < steps; i++) {
            model.step();
            model.check();
        }
    }

    @Property(tries = 100)
    void a_damaged_commit_costs_redo_and_no_job(@ForAll Random random) {
        var model = new ProgressModel(random);
        for (int i = 0; i < 100; i++) {
            model.step();
        }
        model.crash(metadata -> metadata.isEmpty() ? "x" : "A" + metadata.substring(1));
        model.finish();
        assertThat(model.neverRun()).isEmpty();
    }

    @Property(tries = 100)
    void whatever_happens_every_job_is_run_in_the_end(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 400) int steps) {
        var model = new ProgressModel(random);
        for (int i = 0; i < steps; i++) {
            model.step();
        }
        model.finish();
        assertThat(model.neverRun()).isEmpty();
    }

    @Example
    void an_hour_long_job_costs_one_entry_however_many_finish_behind_it() {
        var progress = PartitionProgress.fresh();
        progress.track(0, 0);
        for (long offset = 1; offset < 1_000_000; offset++) {
            trackAndSettle(progress, offset);
        }
        assertThat(progress.unsettled()).isEqualTo(1);
        assertThat(progress.frontier()).isZero();
        assertThat(progress.commit().orElseThrow().offset().metadata()).hasSizeLessThan(32);
    }

    @Example
    void a_restart_behind_a_long_job_runs_only_that_job_again() {
        var before = PartitionProgress.fresh();
        for (long offset = 0; offset < 10_000; offset++) {
            var tracked = before.track(offset, 0).orElseThrow();
            if (offset != 3) {
                before.settle(tracked);
            }
        }
        var committed = before.commit().orElseThrow().offset();
        var after = PartitionProgress.restored(committed.offset(), committed.metadata());
        var again = LongStream.range(3, 10_000)
                .filter(offset -> after.track(offset, 0).isPresent())
                .boxed()
                .toList();
        assertThat(again).containsExactly(3L);
    }

    @Example
    void a_second_crash_before_the_first_restart_caught_up_forgets_nothing() {
        var first = new OffsetMap(10, 1_000, List.of(10L, 500L)).encode();
        var second = PartitionProgress.restored(10, first);
        trackAndSettle(second, 10);
        var committed = second.commit().orElseThrow().offset();
        assertThat(OffsetMap.decode(committed.metadata(), committed.offset()))
                .contains(new OffsetMap(11, 1_000, List.of(500L)));
    }

    @Example
    void an_unsettled_offset_that_left_the_log_does_not_hold_the_frontier() {
        var progress = PartitionProgress.restored(10, new OffsetMap(10, 100, List.of(10L, 20L)).encode());
        progress.track(50, 0);
        assertThat(progress.frontier()).isEqualTo(51);
    }

    @Example
    void markers_at_the_end_of_the_log_leave_no_lag() {
        var progress = PartitionProgress.fresh();
        trackAndSettle(progress, 0);
        progress.advanceTo(5);
        assertThat(progress.commit().orElseThrow().offset().offset()).isEqualTo(5);
    }

    @Example
    void nothing_is_committed_before_anything_is_known() {
        assertThat(PartitionProgress.fresh().commit()).isEmpty();
    }

    @Example
    void what_nobody_has_polled_has_nothing_to_commit() {
        assertThat(PartitionProgress.fresh().version()).isZero();
        assertThat(PartitionProgress.restored(7, "").version()).isZero();
    }

    @Example
    void settling_twice_changes_nothing() {
        var progress = PartitionProgress.fresh();
        var tracked = progress.track(0, 0).orElseThrow();
        progress.settle(tracked);
        long version = progress.version();
        progress.settle(tracked);
        assertThat(progress.version()).isEqualTo(version);
        assertThat(progress.unsettled()).isZero();
    }

    private static void trackAndSettle(PartitionProgress progress, long offset) {
        progress.settle(progress.track(offset, 0).orElseThrow());
    }
}
