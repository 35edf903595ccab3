package outrider.bench.fleet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import outrider.bench.BenchException;
import outrider.bench.ChildJvm;
import outrider.bench.lanes.arm.BarrierArm;
import outrider.bench.lanes.arm.Feed;
import outrider.bench.lanes.arm.SequentialArm;
import outrider.bench.lanes.arm.Work;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.Lane;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;
import tools.jackson.databind.ObjectWriter;

/// The checker of a rival design, in a JVM of its own: scans as ours does, and tells API and scheduler.
final class RivalChecker {

    private RivalChecker() {}

    /// The arguments: the design, the brokers, the API's port, and how many scans may be in flight.
    static void main(String[] arguments) throws IOException {
        var bootstrap = arguments[1];
        var api = URI.create("http://127.0.0.1:%s/v1/reports".formatted(arguments[2]));
        var cap = Integer.parseInt(arguments[3]);
        try (var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var topics = new outrider.bench.Topics(bootstrap);
                var producer = topics.producer(0)) {
            switch (Design.valueOf(arguments[0])) {
                case ORIGINAL ->
                    new SequentialArm()
                            .start(feed(bootstrap, Lane.FAST, cap), new Scans(http, api, producer, Lane.FAST, false));
                case ARTICLE -> {
                    for (var lane : List.of(Lane.FAST, Lane.SLOW)) {
                        BarrierArm.single()
                                .start(feed(bootstrap, lane, cap), new Scans(http, api, producer, lane, true));
                    }
                }
                case OUTRIDER -> throw new BenchException("ours is no rival");
            }
            ChildJvm.answer("ready");
            ChildJvm.awaitEnd();
            System.exit(0);
        }
    }

    private static Feed feed(String bootstrap, Lane lane, int cap) {
        return new Feed(bootstrap, lane.topic(), "rival-" + UUID.randomUUID(), Fleet.PARTITIONS, cap);
    }

    /// Scans, reported one by one or at the end of each batch.
    ///
    /// @param batches whether the scans of a batch share a request
    private record Scans(
            HttpClient http,
            URI api,
            Producer<byte[], byte[]> producer,
            Lane lane,
            boolean batches,
            ConcurrentLinkedQueue<Done> done)
            implements Work {

        private static final ObjectWriter LINES = Wire.JSON.writerFor(ReportLine.class);

        /// A scan with its report.
        private record Done(ScanJob job, byte[] lines, long millis) {}

        Scans(HttpClient http, URI api, Producer<byte[], byte[]> producer, Lane lane, boolean batches) {
            this(http, api, producer, lane, batches, new ConcurrentLinkedQueue<>());
        }

        @Override
        public void run(byte[] value) throws InterruptedException {
            var job = Wire.read(value, ScanJob.class);
            var started = Instant.now();
            var seen = SimulatedChecker.look(job);
            var ended = Instant.now();
            var scan = new Done(
                    job,
                    lines(job, seen, started, ended),
                    Duration.between(started, ended).toMillis());
            if (batches) {
                done.add(scan);
            } else {
                tell(List.of(scan));
            }
        }

        @Override
        public void batchEnded() throws InterruptedException {
            var batch = new ArrayList<Done>();
            for (var scan = done.poll(); scan != null; scan = done.poll()) {
                batch.add(scan);
            }
            tell(batch);
        }

        private static byte[] lines(ScanJob job, SimulatedChecker.Seen seen, Instant started, Instant ended) {
            var out = new ByteArrayOutputStream();
            var header = new ReportHeader(
                    job.scanId(), job.sequence(), job.accountId(), job.assetId(), job.checker(), started, ended, null);
            line(out, header);
            line(out, CheckResult.fail(SimulatedChecker.CHECK, job.name(), "see its insights"));
            IntStream.range(0, SimulatedChecker.PROBLEMS)
                    .forEach(number -> line(
                            out,
                            new FoundInsight(
                                    SimulatedChecker.CHECK,
                                    job.name(),
                                    SimulatedChecker.Seen.detail(number),
                                    Severity.INFO,
                                    Confidence.FIRM,
                                    SimulatedChecker.TITLE,
                                    seen.evidence(number))));
            line(out, new ReportEnd(1, SimulatedChecker.PROBLEMS));
            return out.toByteArray();
        }

        private static void line(ByteArrayOutputStream out, ReportLine line) {
            out.writeBytes(LINES.writeValueAsBytes(line));
            out.write('\n');
        }

        /// Reports the scans and then says that they are over; returns when the brokers have that.
        private void tell(List<Done> scans) throws InterruptedException {
            var body = HttpRequest.BodyPublishers.ofByteArrays(
                    scans.stream().map(Done::lines).toList());
            try {
                var answer = http.send(HttpRequest.newBuilder(api).POST(body).build(), BodyHandlers.discarding());
                if (answer.statusCode() != 204) {
                    throw new BenchException("a rival's API answered " + answer.statusCode());
                }
            } catch (IOException e) {
                throw new BenchException("a rival's API cannot be reached", e);
            }
            scans.forEach(scan -> producer.send(new ProducerRecord<>(
                    Topics.OUTCOMES, scan.job().assetId().toString().getBytes(), Wire.write(outcome(scan)))));
            producer.flush();
        }

        private ScanOutcome outcome(Done scan) {
            var job = scan.job();
            return new ScanOutcome(
                    job.scanId(),
                    job.sequence(),
                    job.accountId(),
                    job.assetId(),
                    job.checker(),
                    lane,
                    1,
                    ScanOutcome.Kind.REPORTED,
                    scan.millis(),
                    Instant.now(),
                    null);
        }
    }
}
