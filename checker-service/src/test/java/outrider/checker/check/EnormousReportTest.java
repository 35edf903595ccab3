package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.checker.report.FakeInsightsApi;
import outrider.embedded.JavaCommand;
import outrider.scan.ReportEnd;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

class EnormousReportTest {

    private static final int RECORDS = 500_000;
    private static final int HEAP_MB = 64;

    @TempDir
    Path directory;

    HttpServer server;
    ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    Semaphore allowed = new Semaphore(0);
    List<Received> received = new CopyOnWriteArrayList<>();

    private record Received(long results, long insights, long characters, ReportEnd end) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/reports", this::handle);
        server.start();
        // 16 KB a millisecond: slower than the report could come.
        ticks.scheduleAtFixedRate(allowed::release, 0, 1, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        ticks.shutdownNow();
    }

    @Test
    void half_a_million_insights_go_through_a_heap_that_could_not_hold_them_and_are_sent_again_whole()
            throws Exception {
        var scan = scan();

        assertThat(scan.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(directory.resolve("log"))).doesNotContain("OutOfMemory");
        assertThat(scan.exitValue()).isZero();
        assertThat(received).hasSize(2).allSatisfy(report -> {
            assertThat(report.end()).isEqualTo(new ReportEnd(RECORDS, RECORDS));
            assertThat(report.results()).isEqualTo(RECORDS);
            assertThat(report.insights()).isEqualTo(RECORDS);
            assertThat(report.characters()).isGreaterThan(2L * HEAP_MB * 1024 * 1024);
        });
    }

    private Process scan() throws IOException {
        var token = Files.writeString(directory.resolve("token"), "token");
        var log = directory.resolve("log").toFile();
        return JavaCommand.of(
                        EnormousScan.class,
                        List.of("-Xmx%dm".formatted(HEAP_MB), "-Djava.io.tmpdir=" + directory),
                        List.of(
                                "http://127.0.0.1:" + server.getAddress().getPort(),
                                token.toString(),
                                Integer.toString(RECORDS)))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    /// Takes the first report in and then fails; accepts the second.
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(read(new GZIPInputStream(new Slow(exchange.getRequestBody()))));
            var answer = received.size() == 1
                    ? FakeInsightsApi.status(503)
                    : FakeInsightsApi.applied(List.of(new UUID(0, 1)));
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Received read(InputStream body) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        long results = 0;
        long insights = 0;
        long characters = 0;
        var last = "";
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            results += line.startsWith("{\"type\":\"result\"") ? 1 : 0;
            insights += line.startsWith("{\"type\":\"insight\"") ? 1 : 0;
            characters += line.length() + 1;
            last = line;
        }
        var end = (ReportEnd) Wire.read(last.getBytes(StandardCharsets.UTF_8), ReportLine.class);
        return new Received(results, insights, characters, end);
    }

    private final class Slow extends FilterInputStream {

        Slow(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            allowed.acquireUninterruptibly();
            return super.read(bytes, offset, Math.min(count, 16 * 1024));
        }
    }
}
