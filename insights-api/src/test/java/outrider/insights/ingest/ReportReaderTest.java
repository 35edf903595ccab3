package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import outrider.insights.TestInsights;
import outrider.insights.catalog.TestCatalogs;
import outrider.scan.Wire;
import outrider.web.ProblemException;

/// Bodies of every kind: what is not read as reports ends in a problem for the sender, never in anything else.
class ReportReaderTest {

    private static final ReportReader READER = new ReportReader(
            TestCatalogs.of(TestInsights.SOURCE),
            Clock.fixed(TestScope.time(10), ZoneOffset.UTC),
            TestScope.STAGING,
            TestScope.THRESHOLD,
            IngestPropertiesTest.bind(Map.of("outrider.ingest.max-body", "1MB")));

    private static final byte[] BODY = (report(1).ndjson() + report(2).ndjson()).getBytes(UTF_8);

    @Property(tries = 2_000)
    void damaged_bytes_end_in_a_problem(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 2_000) Integer> places,
            @ForAll @Size(4) List<@ByteRange(min = Byte.MIN_VALUE) Byte> bytes)
            throws IOException {
        var damaged = BODY.clone();
        for (var i = 0; i < places.size(); i++) {
            damaged[places.get(i) % damaged.length] = bytes.get(i);
        }
        readOrRefuse(damaged);
    }

    @Example
    void a_body_cut_anywhere_holds_both_reports_or_ends_in_a_problem() throws IOException {
        var first = report(1).ndjson().getBytes(UTF_8).length;
        for (var length = 0; length < BODY.length; length++) {
            var cut = Arrays.copyOf(BODY, length);
            if (length == first || length == first - 1) {
                assertThat(read(cut)).hasSize(1);
            } else if (length == BODY.length - 1) {
                assertThat(read(cut)).hasSize(2);
            } else {
                assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(ProblemException.class);
            }
        }
    }

    @Example
    void lines_may_be_as_long_as_the_wire_allows() throws IOException {
        var end = "{\"type\":\"end\",\"results\":0,\"insights\":0,\"x\":\"";
        var header = new TestReport(UUID.randomUUID(), UUID.randomUUID(), 1)
                .ndjson()
                .lines()
                .findFirst()
                .orElseThrow();
        var padding = "x".repeat(Wire.MAX_LINE - end.length() - 2);

        assertThat(read((header + "\r\n\n" + end + padding + "\"}\n").getBytes(UTF_8)))
                .hasSize(1);
        assertThatThrownBy(() -> read((header + "\n\n" + end + padding + "x\"}\n").getBytes(UTF_8)))
                .hasMessage("line 3: has more than 65536 bytes");
    }

    @Example
    void many_small_reports_are_not_a_large_one() throws IOException {
        var details = IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new);
        var body = IntStream.rangeClosed(1, TestScope.THRESHOLD.rows() / 50)
                .mapToObj(n -> new TestReport(new UUID(1, 1), new UUID(1, n), 1)
                        .fail("lab.alpha", "a", details)
                        .ndjson())
                .collect(Collectors.joining());
        var reader = new ReportReader(
                TestCatalogs.of(TestInsights.SOURCE),
                Clock.fixed(TestScope.time(10), ZoneOffset.UTC),
                TestScope.STAGING,
                TestScope.THRESHOLD,
                TestScope.PROPERTIES);

        assertThat(reader.read(new ByteArrayInputStream(body.getBytes(UTF_8)), account -> true))
                .hasSize(TestScope.THRESHOLD.rows() / 50)
                .allMatch(Report.class::isInstance);
    }

    private static TestReport report(long sequence) {
        return new TestReport(new UUID(1, 1), new UUID(1, 2), sequence)
                .fail("lab.alpha", "https://é.example", "1", "2")
                .pass("lab.beta", "b");
    }

    private static List<Incoming> read(byte[] body) throws IOException {
        return READER.read(new ByteArrayInputStream(body), account -> true);
    }

    private static void readOrRefuse(byte[] body) throws IOException {
        try {
            assertThat(read(body)).isNotEmpty();
        } catch (ProblemException e) {
            assertThat(e.getMessage()).matches("(?s)(line \\d+|body).*");
        }
    }
}
