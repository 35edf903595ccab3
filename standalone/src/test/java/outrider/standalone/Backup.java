package outrider.standalone;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import outrider.embedded.EmbeddedDatabase;

/// A backup of a fleet's database, and the steps of `docs/operations.md` by which it is restored. What can be
/// read from there or from `bin/restored.sql` is, so that neither says what is not tested.
///
/// The binaries of the embedded PostgreSQL have no `pg_dump`: a copy of the database stands for the dump.
final class Backup implements AutoCloseable {

    private static final Pattern RESET =
            Pattern.compile("(?m)^reset --group (\\S+) --topic (\\S+) --to-datetime [$]SINCE$");

    private final EmbeddedDatabase server;
    private final String database;
    private final Admin kafka;
    private Instant since = Instant.MAX;

    Backup(EmbeddedDatabase server, String database, String brokers) {
        this.server = server;
        this.database = database;
        this.kafka = Admin.create(Map.of("bootstrap.servers", brokers));
    }

    /// Takes it while the services run; they are cut off for the moment that it takes.
    void take() {
        since = Instant.now();
        onServer("alter database %s allow_connections false".formatted(database));
        onServer("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '%s'"
                .formatted(database));
        onServer("create database backup template %s".formatted(database));
        onServer("alter database %s allow_connections true".formatted(database));
    }

    /// The database is lost, services or not.
    void lose() {
        onServer("drop database %s with (force)".formatted(database));
    }

    void restore() {
        onServer("create database %s template backup".formatted(database));
    }

    /// Lets the consumers read again what came since, as the guide says.
    void rewind() {
        for (var consumer : consumers()) {
            var starts = offsets(consumer.topic(), OffsetSpec.forTimestamp(since.toEpochMilli()));
            var ends = offsets(consumer.topic(), OffsetSpec.latest());
            starts.replaceAll((partition, start) -> start < 0 ? ends.get(partition) : start);
            get(kafka.alterConsumerGroupOffsets(
                            consumer.group(),
                            starts.entrySet().stream()
                                    .collect(Collectors.toMap(
                                            Map.Entry::getKey, start -> new OffsetAndMetadata(start.getValue()))))
                    .all());
        }
    }

    /// Waits until the insights API has read again what it is to know.
    void awaitInsights() {
        consumers().stream()
                .filter(consumer -> consumer.group().startsWith("outrider.insights"))
                .forEach(consumer -> await(consumer.group())
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> get(kafka.listConsumerGroupOffsets(consumer.group())
                                        .partitionsToOffsetAndMetadata())
                                .entrySet()
                                .stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, at -> at.getValue().offset()))
                                .equals(offsets(consumer.topic(), OffsetSpec.latest()))));
    }

    /// Runs the file that the guide says to run.
    void mend() {
        run(server.jdbcUrl(database), read("../bin/restored.sql"));
    }

    /// What the database answers, one column of text.
    List<String> ask(String sql) {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(database));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var answers = new ArrayList<String>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return answers;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private record Consumer(String group, String topic) {}

    private static List<Consumer> consumers() {
        return RESET.matcher(read("../docs/operations.md"))
                .results()
                .map(line -> new Consumer(line.group(1), line.group(2)))
                .toList();
    }

    private Map<TopicPartition, Long> offsets(String topic, OffsetSpec spec) {
        var partitions = get(kafka.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toMap(Function.identity(), _ -> spec));
        return get(kafka.listOffsets(partitions).all()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Backup::offset));
    }

    private static long offset(Map.Entry<TopicPartition, ListOffsetsResultInfo> entry) {
        return entry.getValue().offset();
    }

    private void onServer(String sql) {
        run(server.jdbcUrl(), sql);
    }

    private static void run(String url, String sql) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
