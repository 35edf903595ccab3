package outrider.bench.lanes.arm;

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
        return Loops.start(this, Clients.onePerPartition(feed, POLL), consumer -> {
            for (var record : consumer.poll(Clients.POLL)) {
                work.run(record.value());
            }
            consumer.commitAsync();
        });
    }
}
