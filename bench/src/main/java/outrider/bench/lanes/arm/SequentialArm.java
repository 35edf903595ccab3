package outrider.bench.lanes.arm;

import java.time.Duration;

/// One message at a time per partition: the design that Cloudflare started from.
public final class SequentialArm implements Arm {
    private static final int POLL = 100;

    @Override
    public String name() {
        return "sequential";
    }

    @Override
    public String settings(Feed feed) {
        return "%d consumers, one a partition, polls of %d, 1 job at a time each, commits after each poll"
                .formatted(feed.partitions(), POLL);
    }

    @Override
    public Run start(Feed feed, Work work) {
        return Loops.start(
                this,
                Clients.partitions(feed).stream()
                        .map(partition -> (Loops.Loop) () -> loop(feed, partition, work))
                        .toList());
    }

    private static void loop(Feed feed, int partition, Work work) throws InterruptedException {
        try (var consumer = Clients.assigned(feed, partition, POLL)) {
            while (true) {
                var records = consumer.poll(Duration.ofSeconds(1));
                for (var record : records) {
                    work.run(record.value());
                }
                consumer.commitAsync();
            }
        }
    }
}
