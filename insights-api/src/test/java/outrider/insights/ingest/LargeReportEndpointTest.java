package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import outrider.insights.TestApi;
import outrider.insights.TestApi.Answer;

/// `POST /v1/reports` over HTTP, with reports that are written by COPY.
class LargeReportEndpointTest {

    private final TestScope scope = new TestScope();

    @Test
    void takes_one_large_report_beside_small_ones() {
        var other = new TestScope();

        var answer = send(other.scan().fail("lab.alpha", "a", "1").ndjson()
                + large(scope).ndjson()
                + other.scan().pass("lab.alpha", "a").ndjson());

        assertThat(answer.body()
                        .at("/items")
                        .valueStream()
                        .map(item -> item.at("/kind").asString()))
                .containsExactly("applied", "applied", "applied");
        assertThat(answer.body().at("/items/1/counts/opened").asInt()).isEqualTo(10_001);
        assertThat(scope.states()).hasSize(10_001).containsEntry("record 7", "open");
        assertThat(other.states()).containsEntry("1", "resolved fixed");
    }

    @Test
    void refuses_a_second_large_report() {
        var other = new TestScope();

        var answer = send(large(scope).ndjson() + large(other).ndjson());

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body().at("/detail").asString()).contains("send each large one in a request of its own");
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void refuses_a_large_report_for_a_line_far_behind() {
        var lines = large(scope).ndjson().lines().collect(Collectors.toList());
        lines.set(10_002, lines.get(5));

        var answer = send(String.join("\n", lines));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().at("/detail").asString())
                .startsWith("line 10003, detail: there is already an insight");
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void shows_the_threshold_and_what_both_ways_cost() {
        send(scope.scan().fail("lab.alpha", "a", "1").ndjson());
        send(large(scope).ndjson());

        var ingest = TestApi.get("/admin/ingest", TestApi.token(null)).body();

        assertThat(ingest.at("/threshold/rows").asInt()).isBetween(1_000, 10_000);
        assertThat(ingest.at("/threshold/reason").asString()).isNotBlank();
        assertThat(ingest.at("/round_trip_ms").asDouble()).isPositive();
        assertThat(ingest.at("/paths/unnest/calls").asInt()).isPositive();
        assertThat(ingest.at("/paths/copy/micros_per_row").asDouble()).isPositive();
        assertThat(TestApi.get("/admin/ingest", TestApi.token(UUID.randomUUID()))
                        .status())
                .isEqualTo(403);
    }

    private static TestReport large(TestScope scope) {
        var details =
                IntStream.rangeClosed(0, 10_000).mapToObj(i -> "record " + i).toArray(String[]::new);
        return scope.scan().fail("lab.alpha", "a", details);
    }

    private static Answer send(String body) {
        return TestApi.report(body.getBytes(UTF_8), TestApi.token(null));
    }
}
