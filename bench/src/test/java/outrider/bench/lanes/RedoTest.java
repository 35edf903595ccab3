package outrider.bench.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.bench.lanes.EventLog.Kind.COMMITTED;
import static outrider.bench.lanes.EventLog.Kind.ENDED;
import static outrider.bench.lanes.EventLog.Kind.POLLED;
import static outrider.bench.lanes.EventLog.Kind.STARTED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedoTest {

    @TempDir
    private Path directory;

    @Test
    void the_bound_is_what_was_unsettled_and_what_ended_since_the_last_commit_was_put_together() {
        var before = log(polled(1, 2, 3, 4, 5), ran(1), ran(2), committed(7), ran(3));

        var redo = Redo.of(before, log(ran(2, 3, 4, 5)), 5);

        assertThat(redo).isEqualTo(new Redo(2, 0, 2, 2, 0));
        assertThat(redo.bound()).isEqualTo(4);
    }

    @Test
    void without_a_commit_everything_may_run_again() {
        assertThat(Redo.of(log(polled(1, 2), ran(1, 2)), log(ran(1, 2)), 2)).isEqualTo(new Redo(0, 0, 2, 2, 0));
    }

    @Test
    void a_job_that_was_cut_off_is_run_again_and_one_that_only_waited_is_not() {
        var before = log(polled(1, 2), List.of(new EventLog.Event(STARTED, 1)));

        assertThat(Redo.of(before, log(ran(1, 2)), 2)).isEqualTo(new Redo(2, 1, 0, 1, 0));
    }

    @Test
    void a_job_that_nobody_ended_is_lost() {
        assertThat(Redo.of(log(ran(1)), log(ran(3)), 3).lost()).isEqualTo(1);
    }

    @Test
    void a_log_reads_back_as_written_without_its_torn_end() throws IOException {
        Path file = directory.resolve("log");
        try (var log = new EventLog(file)) {
            log.add(POLLED, 7);
            log.add(ENDED, 1_000_000);
        }
        Files.write(file, new byte[] {1, 0}, StandardOpenOption.APPEND);

        assertThat(EventLog.read(file))
                .containsExactly(new EventLog.Event(POLLED, 7), new EventLog.Event(ENDED, 1_000_000));
    }

    @SafeVarargs
    private static List<EventLog.Event> log(List<EventLog.Event>... parts) {
        return Arrays.stream(parts).flatMap(List::stream).toList();
    }

    private static List<EventLog.Event> committed(int before) {
        return List.of(new EventLog.Event(COMMITTED, before));
    }

    private static List<EventLog.Event> polled(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> new EventLog.Event(POLLED, number))
                .toList();
    }

    private static List<EventLog.Event> ran(int... numbers) {
        var events = new ArrayList<EventLog.Event>();
        for (int number : numbers) {
            events.add(new EventLog.Event(STARTED, number));
            events.add(new EventLog.Event(ENDED, number));
        }
        return events;
    }
}
