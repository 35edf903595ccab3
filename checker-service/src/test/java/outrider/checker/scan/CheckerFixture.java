package outrider.checker.scan;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.checker.CheckerApplication;
import outrider.checker.report.FakeInsightsApi;
import outrider.embedded.TestBroker;
import outrider.scan.AssetKind;
import outrider.scan.Ids;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Scopes;
import outrider.web.TokenSigner;

/// The real checker service on the shared broker, with scripted scans and an insights API that answers as told.
public final class CheckerFixture implements AutoCloseable {
    public static final Duration SOON = Duration.ofSeconds(40);

    private static final Map<String, Object> BROKER =
            Map.of("bootstrap.servers", TestBroker.shared().bootstrapServers());

    private static final Admin ADMIN = Admin.create(BROKER);

    private final Path directory;
    private final TokenSigner signer;
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(BROKER, new StringSerializer(), new ByteArraySerializer());
    private final List<ConfigurableApplicationContext> replicas = new ArrayList<>();
    private final Queue<ConsumerRecord<byte[], byte[]>> records = new ConcurrentLinkedQueue<>();
    private @Nullable Thread follower;
    private volatile boolean closed;
    final FakeInsightsApi api = new FakeInsightsApi();

    public CheckerFixture(Path directory) throws IOException {
        this.directory = directory;
        this.signer = TokenSigner.open(directory, Clock.systemUTC());
        Files.writeString(directory.resolve("checker.token"), "token");
    }

    /// Starts a replica.
    public ConfigurableApplicationContext start(String... arguments) {
        return start(CheckerApplication.builder(), arguments);
    }

    /// Starts a replica that can be closed as if it had crashed.
    ConfigurableApplicationContext startWithLostCommits() {
        return startWith(new LostCommits());
    }

    /// Starts a replica whose beans something is done to.
    ConfigurableApplicationContext startWith(BeanPostProcessor processor, String... arguments) {
        return start(
                CheckerApplication.builder()
                        .initializers(context -> context.getBeanFactory().addBeanPostProcessor(processor)),
                arguments);
    }

    private ConfigurableApplicationContext start(SpringApplicationBuilder application, String... arguments) {
        var all = Stream.concat(
                Stream.of(
                        "--server.port=0",
                        "--spring.kafka.bootstrap-servers=" + BROKER.get("bootstrap.servers"),
                        "--outrider.kafka.partitions=2",
                        "--outrider.insights.url=" + api.url(),
                        "--outrider.tokens.jwks=" + directory.resolve("jwks.json"),
                        "--outrider.tokens.bearer=" + directory.resolve("checker.token"),
                        "--outrider.lanes.fast.retry-delay=100ms",
                        "--outrider.lanes.fast.shutdown-drain=1s",
                        "--management.opentelemetry.tracing.export.schedule-delay=20ms"),
                Stream.of(arguments));
        var replica = application.sources(ScriptedScanner.Configuration.class).run(all.toArray(String[]::new));
        replicas.add(replica);
        if (follower == null) {
            // The first replica has made the topics.
            follower = Thread.ofVirtual().start(this::follow);
        }
        return replica;
    }

    public ScanJob job(String name) {
        return job(name, "dns");
    }

    ScanJob job(String name, String checker) {
        return new ScanJob(
                Ids.next(Clock.systemUTC()),
                1,
                UUID.randomUUID(),
                UUID.randomUUID(),
                AssetKind.ZONE,
                name,
                List.of(),
                checker,
                Instant.now());
    }

    public ScanJob publish(Lane lane, String name, String... headers) {
        var job = job(name);
        publish(lane, job.assetId().toString(), Wire.write(job), headers);
        return job;
    }

    public void publish(Lane lane, String key, byte[] value, String... headers) {
        publish(lane.topic(), key, value, headers);
    }

    public void publish(String topic, String key, byte[] value, String... headers) {
        var record = new ProducerRecord<>(topic, key, value);
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], Wire.header(headers[i + 1]));
        }
        producer.send(record);
    }

    /// Where a lane's group stands, summed over its partitions.
    static long committed(Lane lane) {
        try {
            return ADMIN
                    .listConsumerGroupOffsets(lane.group())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().topic().equals(lane.topic()))
                    .map(Map.Entry::getValue)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// How the scan went, so far, wherever it went on.
    public List<ScanOutcome.Kind> outcomes(ScanJob job) {
        return told(job).stream()
                .map(ScanOutcome::kind)
                .filter(kind -> kind != ScanOutcome.Kind.MOVED)
                .toList();
    }

    /// All that the scheduler was told of the scan.
    List<ScanOutcome> told(ScanJob job) {
        return read(Topics.OUTCOMES).stream()
                .map(record -> Wire.read(record.value(), ScanOutcome.class))
                .filter(outcome -> outcome.scanId().equals(job.scanId()))
                .toList();
    }

    /// The dead letters with that key.
    public List<ConsumerRecord<byte[], byte[]>> letters(String key) {
        return records(Topics.DEAD, key);
    }

    /// The records with that key, in a topic that tells how scans end or in that of the slow lane.
    public List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
        return read(topic).stream()
                .filter(record -> key.equals(new String(record.key())))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return records.stream().filter(record -> record.topic().equals(topic)).toList();
    }

    /// Follows the topics that tell how scans end, from their beginning.
    private void follow() {
        try (var consumer = new KafkaConsumer<>(BROKER, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = Stream.of(Topics.OUTCOMES, Topics.DEAD, Topics.AUDIT, Topics.CATALOG, Lane.SLOW.topic())
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
    }

    /// Makes the scans of a replica crash, or pass.
    public static void crash(ConfigurableApplicationContext replica, boolean crash) {
        replica.getBean(ScriptedScanner.class).script((scan, report) -> {
            if (crash) {
                throw new IllegalStateException("a bug");
            }
            ScriptedScanner.passed(scan, report);
        });
    }

    /// Calls a replica as an operator.
    public static HttpResponse<String> call(
            CheckerFixture fixture, ConfigurableApplicationContext replica, String method, String path, String body)
            throws IOException, InterruptedException {
        return call(replica, fixture.token(Scopes.OPERATOR, null), method, path, body);
    }

    public static HttpResponse<String> call(
            ConfigurableApplicationContext replica, String token, String method, String path, String body)
            throws IOException, InterruptedException {
        int port = ((WebServerApplicationContext) replica).getWebServer().getPort();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    public String token(Set<String> scopes, @Nullable UUID account) {
        return signer.mint("operator", scopes, account, Duration.ofHours(1));
    }

    @Override
    public void close() {
        closed = true;
        replicas.forEach(ConfigurableApplicationContext::close);
        producer.close();
        api.close();
    }
}
