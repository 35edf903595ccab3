package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.embedded.JavaCommand;
import outrider.embedded.MadeOnTheWay;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.insights.TestInsights;
import outrider.insights.catalog.TestCatalogs;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

/// The largest report there may be, read and written by a process whose heap could not hold it.
class SmallHeapTest {

    private static final int INSIGHTS = 500_000;
    private static final int RESULTS = 50_000;

    private final UUID account = UUID.randomUUID();

    @Test
    void half_a_million_insights_go_through_a_heap_that_could_not_hold_them() throws Exception {
        TestInsights.JDBC.sql("select 1").query().singleValue(); // migrates

        assertThat(child(INSIGHTS)).contains("opened=500000");

        assertThat(insights()).isEqualTo(INSIGHTS);
    }

    @Test
    void one_more_is_refused_and_nothing_of_it_is_written() throws Exception {
        TestInsights.JDBC.sql("select 1").query().singleValue();

        assertThat(child(INSIGHTS + 1)).contains("line 550002: a report has at most 500000 insights");

        assertThat(insights()).isZero();
    }

    private long insights() {
        return TestInsights.JDBC
                .sql("select count(*) from insights.insight where account_id = ?")
                .param(account)
                .query(Long.class)
                .single();
    }

    private String child(int insights) throws Exception {
        var arguments = List.of(TestInsights.URL, account.toString(), Integer.toString(insights));
        var process = JavaCommand.of(SmallHeapTest.class, List.of("-Xmx96m", "-XX:+UseSerialGC"), arguments)
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /// The child: url, account, number of insights.
    public static void main(String[] arguments) throws Exception {
        // To connect may take long on a busy machine; that is not what this is about.
        var properties = IngestPropertiesTest.bind(Map.of("outrider.ingest.copy.patience", "30s"));
        var threshold = new Threshold(properties, new SimpleMeterRegistry());
        try (var source = new HikariDataSource()) {
            source.setJdbcUrl(arguments[0]);
            try (var staging = new Staging(source, properties, threshold)) {
                var reader =
                        new ReportReader(TestCatalogs.of(source), Clock.systemUTC(), staging, threshold, properties);
                var writer = new ReportWriter(JdbcClient.create(source), properties, threshold);
                var body = body(UUID.fromString(arguments[1]), Integer.parseInt(arguments[2]));
                switch (reader.read(body, id -> true).getFirst()) {
                    case LargeReport large -> System.out.println(writer.write(large));
                    case Report small -> System.out.println("small");
                    case Incoming.Refused refused -> System.out.println(refused.outcome());
                    case Incoming.Early early -> System.out.println(early.outcome());
                }
            }
        }
    }

    private static InputStream body(UUID account, int insights) {
        var header = new ReportHeader(
                UUID.randomUUID(),
                1,
                account,
                UUID.randomUUID(),
                "lab",
                Instant.EPOCH.plus(20_000, ChronoUnit.DAYS),
                Instant.EPOCH.plus(20_000, ChronoUnit.DAYS),
                null);
        // By number, as an iterator over streams of streams would hold a whole one of them.
        var lines = IntStream.range(0, 1 + RESULTS + insights + 1)
                .mapToObj(line -> {
                    if (line == 0) {
                        return header;
                    }
                    var number = line - 1 - RESULTS;
                    if (number < 0) {
                        return CheckResult.fail(check(), subject(line - 1), "weak");
                    }
                    return number < insights ? insight(number) : new ReportEnd(RESULTS, insights);
                })
                .map(line -> Wire.JSON.writerFor(ReportLine.class).writeValueAsString(line) + "\n");
        return MadeOnTheWay.of(lines);
    }

    private static FoundInsight insight(int number) {
        return new FoundInsight(
                check(),
                subject(number % RESULTS),
                "detail " + number,
                Severity.LOW,
                Confidence.FIRM,
                "Something is weak",
                Map.of("seen", "x".repeat(200)));
    }

    private static CheckId check() {
        return new CheckId("lab.alpha");
    }

    private static String subject(int number) {
        return "record-%d.example.com".formatted(number);
    }
}
