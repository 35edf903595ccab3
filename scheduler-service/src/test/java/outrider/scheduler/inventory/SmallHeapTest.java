package outrider.scheduler.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.FreePort;
import outrider.embedded.MadeOnTheWay;
import outrider.embedded.ServiceProcess;
import outrider.embedded.TestDatabase;
import outrider.scheduler.SchedulerApplication;
import outrider.scheduler.TestScheduler;
import outrider.web.Scopes;

/// The largest import that is promised, by a process whose heap could not hold it.
class SmallHeapTest {

    private static final int LINES = 1_000_000;
    /// Makes the body longer than the 256 MB of heap that a [ServiceProcess] has.
    private static final String PADDING = " ".repeat(300);

    @TempDir
    private Path directory;

    @Test
    @Tag("soak")
    void a_million_lines_go_through_a_heap_that_could_not_hold_them() throws Exception {
        var database = TestDatabase.fresh();
        UUID account;
        try (var scheduler = TestScheduler.byHand(database)) {
            account = scheduler.account("free");
            var port = FreePort.find();
            var settings = TestScheduler.settings(port, database, Stream.of("outrider.schedule.tick=1h"));
            try (var _ = ServiceProcess.start(
                    SchedulerApplication.class, port, directory.resolve("scheduler.log"), settings)) {
                assertThat(imported(port, account)).isEqualTo("{\"end\":{\"created\":%d}}".formatted(LINES));
            }
            assertThat(scheduler
                            .jdbc()
                            .sql("select count(*) from scheduler.asset")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(LINES);
        }
    }

    /// The last line of the answer.
    private static String imported(int port, UUID account) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/accounts/%s/assets:import".formatted(port, account)))
                .header("Authorization", "Bearer " + TestScheduler.token(Scopes.OPERATOR, null))
                .header("Content-Type", Bodies.NDJSON)
                .POST(HttpRequest.BodyPublishers.ofInputStream(SmallHeapTest::body))
                .build();
        try (var client = HttpClient.newHttpClient();
                var lines = client.send(request, HttpResponse.BodyHandlers.ofLines())
                        .body()) {
            return lines.reduce("", (before, line) -> line);
        }
    }

    private static InputStream body() {
        // By hundreds, as each line alone would be a stream of its own to the client.
        return MadeOnTheWay.of(IntStream.range(0, LINES / 100).mapToObj(SmallHeapTest::hundred));
    }

    private static String hundred(int number) {
        return IntStream.range(number * 100, number * 100 + 100)
                .mapToObj(line -> "{\"kind\":\"zone\",\"name\":\"a%d.example\"%s}\n".formatted(line, PADDING))
                .collect(Collectors.joining());
    }
}
