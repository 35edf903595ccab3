package outrider.bench.write.arm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.bench.BenchException;
import outrider.insights.InsightsApplication;
import outrider.scan.ReportLine;
import outrider.scan.Wire;
import outrider.web.Scopes;
import outrider.web.TokenSigner;

/// Ours through its front door: the insights API in this JVM, called over loopback. The body is a file, made
/// beforehand.
public final class HttpArm implements Arm {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Path directory;
    private final String token;
    private final ConfigurableApplicationContext api;
    private final HttpClient client = HttpClient.newHttpClient();

    public HttpArm(String url) throws IOException {
        directory = Files.createTempDirectory("outrider-bench-http-");
        var signer = TokenSigner.open(directory, Clock.systemUTC());
        token = signer.mint("bench", Set.of(Scopes.REPORTS_WRITE), null, Duration.ofHours(12));
        api = InsightsApplication.builder()
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.datasource.url=" + url,
                        // No broker here, and nothing to learn from one.
                        "--spring.kafka.listener.auto-startup=false",
                        "--outrider.tokens.jwks=" + directory.resolve("jwks.json"));
    }

    @Override
    public String name() {
        return "ours, over HTTP";
    }

    @Override
    public String settings() {
        return "defaults, NDJSON, not gzipped";
    }

    /// Makes the body of the request that [#write] sends.
    public void prepare(List<Batch> reports) throws IOException {
        var writer = Wire.JSON.writerFor(ReportLine.class);
        try (var out = Files.newBufferedWriter(body())) {
            for (var report : reports) {
                var lines = report.lines().iterator();
                while (lines.hasNext()) {
                    out.write(writer.writeValueAsString(lines.next()));
                    out.write('\n');
                }
            }
        }
    }

    @Override
    public void write(List<Batch> reports) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/v1/reports"
                            .formatted(api.getEnvironment().getRequiredProperty("local.server.port"))))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/x-ndjson")
                    .header(Wire.BUDGET, PATIENCE.toString())
                    .POST(BodyPublishers.ofFile(body()))
                    .build();
            var answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200 || answer.body().split("\"applied\"", -1).length - 1 != reports.size()) {
                throw new BenchException("the API answered %d: %s".formatted(answer.statusCode(), answer.body()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private Path body() {
        return directory.resolve("body.ndjson");
    }

    @Override
    public void close() {
        client.close();
        api.close();
        try (var files = Files.list(directory)) {
            files.forEach(file -> file.toFile().delete());
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
