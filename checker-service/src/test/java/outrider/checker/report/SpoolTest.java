package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

class SpoolTest {

    private static final CheckId CHECK = new CheckId("dns.spf");

    @TempDir
    Path directory;

    ReportHeader header = Reporters.header();

    @ParameterizedTest
    @ValueSource(strings = {"1MB", "1KB"})
    void results_come_before_insights_whatever_their_order(String from) throws IOException {
        try (var report = spool(from, "1MB").open()) {
            fill(report, 40);

            var lines = lines(report.finish(header));

            assertThat(lines.getFirst()).isEqualTo(header);
            assertThat(lines.subList(1, 41)).hasOnlyElementsOfType(CheckResult.class);
            assertThat(lines.subList(41, 81)).hasOnlyElementsOfType(FoundInsight.class);
            assertThat(lines.getLast()).isEqualTo(new ReportEnd(40, 40));
        }
    }

    @Test
    void a_small_report_stays_in_memory() throws IOException {
        var spool = spool("1MB", "1MB");
        try (var report = spool.open()) {
            fill(report, 40);

            assertThat(report.finish(header)).isInstanceOf(FinishedReport.Small.class);
            assertThat(spool.onDisk()).isZero();
        }
    }

    @Test
    void a_large_report_takes_no_more_memory_than_it_may_and_is_read_as_often_as_one_likes() throws IOException {
        try (var report = spool("4KB", "1MB").open()) {
            for (var i = 0; i < 1_000; i++) {
                fill(report, 1);
                assertThat(report.inMemory()).isLessThanOrEqualTo(4 * 1024);
            }

            var large = (FinishedReport.Large) report.finish(header);

            assertThat(lines(large)).hasSize(2_002).isEqualTo(lines(large));
            assertThat(large.body().readAllBytes()).hasSize((int) large.length());
        }
    }

    @Test
    void nothing_on_disk_has_a_name_that_could_be_left_behind() throws IOException {
        var spool = spool("1KB", "1MB");
        try (var report = spool.open()) {
            fill(report, 1_000);

            assertThat(spool.onDisk()).isPositive();
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void more_on_disk_than_allowed_is_refused_with_the_setting_that_allows_it() throws IOException {
        var spool = spool("1KB", "64KB");
        try (var report = spool.open()) {
            assertThatIOException()
                    .isThrownBy(() -> fill(report, 10_000))
                    .withMessageContaining("outrider.report.large.disk");
            assertThat(spool.onDisk()).isLessThanOrEqualTo(64 * 1024);
        }
        assertThat(spool.onDisk()).isZero();
    }

    @Test
    void a_report_that_was_finished_and_forgotten_gives_its_space_back() throws IOException {
        var spool = spool("1KB", "1MB");
        try (var report = spool.open()) {
            fill(report, 1_000);
            report.finish(header);
        }
        assertThat(spool.onDisk()).isPositive();

        await().until(() -> {
            System.gc();
            return spool.onDisk() == 0;
        });
    }

    @Test
    void a_directory_that_is_not_there_ends_the_start() {
        directory = directory.resolve("gone");

        assertThatIllegalStateException()
                .isThrownBy(() -> spool("1KB", "1MB"))
                .withMessageContaining("outrider.report.large.directory");
    }

    private Spool spool(String from, String disk) {
        var properties = Reporters.properties(
                Map.of("large.from", from, "large.disk", disk, "large.directory", directory.toString()));
        return new Spool(properties, new ReportMetrics(new SimpleMeterRegistry()));
    }

    private static void fill(OpenReport report, int count) throws IOException {
        for (var i = 0; i < count; i++) {
            var subject = UUID.randomUUID().toString();
            report.add(new FoundInsight(CHECK, subject, "", Severity.LOW, Confidence.FIRM, "Bad", Map.of()));
            report.add(CheckResult.fail(CHECK, subject, "Bad"));
        }
    }

    private static List<ReportLine> lines(FinishedReport report) throws IOException {
        var body = switch (report) {
            case FinishedReport.Small(var _, var lines) -> lines;
            case FinishedReport.Large large -> new GZIPInputStream(large.body()).readAllBytes();
        };
        return new String(body, StandardCharsets.UTF_8)
                .lines()
                .map(line -> Wire.read(line.getBytes(StandardCharsets.UTF_8), ReportLine.class))
                .toList();
    }
}
