package outrider.bench.schedule;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.bench.BenchException;
import outrider.scheduler.SchedulerApplication;
import outrider.scheduler.due.DueFloor;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.Pace;
import outrider.scheduler.due.Population;
import outrider.scheduler.due.ScheduleProperties;
import outrider.web.Scopes;
import outrider.web.TokenSigner;

/// The scheduler as it is deployed, without a bound on its rate, in this JVM.
final class Service implements AutoCloseable {

    private final Path keys;
    private final String token;
    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    Service(String databaseUrl, String brokers) throws IOException {
        keys = Files.createTempDirectory("outrider-bench-");
        token = TokenSigner.open(keys, Clock.systemUTC()).mint("bench", Scopes.OPERATOR, null, Duration.ofHours(4));
        var settings = Stream.of(
                "server.port=0",
                "spring.datasource.url=" + databaseUrl,
                "spring.kafka.bootstrap-servers=" + brokers,
                "outrider.tokens.jwks=" + keys.resolve("jwks.json"),
                "outrider.schedule.max-per-second=1000000",
                "outrider.schedule.burst=1000000",
                "outrider.schedule.tick=10ms",
                "outrider.schedule.recompute=1h",
                "outrider.schedule.recount=1h",
                "management.tracing.sampling.probability=0");
        context = SchedulerApplication.builder()
                .run(settings.map(setting -> "--" + setting).toArray(String[]::new));
    }

    DueScopes due() {
        return context.getBean(DueScopes.class);
    }

    /// What computes the rate as it is deployed, with its bound on the rate, and so on what it counts.
    Pace pace() {
        var deployed = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("outrider.schedule", ScheduleProperties.class);
        return new Pace(
                context.getBean(JdbcClient.class),
                context.getBean(Population.class),
                context.getBean(DueFloor.class),
                deployed);
    }

    /// How many scans have been published so far.
    double published() {
        return context.getBean(MeterRegistry.class).find("outrider.dispatch.published").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    String post(String path, String body) throws IOException, InterruptedException {
        return send(request(path, "application/json").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    String patch(String path, String body) throws IOException, InterruptedException {
        return send(request(path, "application/json").method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
    }

    /// Sends lines as they are made and returns the last line of the answer.
    String stream(String path, InputStream lines) throws IOException, InterruptedException {
        var request = request(path, "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> lines))
                .build();
        try (var answer =
                http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            return answer.reduce("", (before, line) -> line);
        }
    }

    private HttpRequest.Builder request(String path, String type) {
        var port = context.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new BenchException("the scheduler answers %d %s".formatted(answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        context.close();
        try (var files = Files.walk(keys)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
