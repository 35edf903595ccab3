package outrider.bench.lanes.arm;

/// Batch with a barrier, as Cloudflare has it: a virtual thread for each message of a batch, and the next batch
/// when the slowest is done and the batch is committed.
public final class BarrierArm implements Arm {
    private final boolean perPartition;

    private BarrierArm(boolean perPartition) {
        this.perPartition = perPartition;
    }

    /// One consumer, the cap as its batch.
    public static BarrierArm single() {
        return new BarrierArm(false);
    }

    /// A consumer per partition, the cap shared among their batches: a slow job holds up its own partition
    /// only.
    public static BarrierArm perPartition() {
        return new BarrierArm(true);
    }

    @Override
    public String name() {
        return perPartition ? "barrier per partition" : "barrier";
    }

    @Override
    public String settings(Feed feed) {
        return perPartition
                ? "%d consumers, one a partition, batches of %d each, a commit a batch"
                        .formatted(feed.partitions(), feed.capPerPartition())
                : "1 consumer, batches of %d, a commit a batch".formatted(feed.cap());
    }

    @Override
    public Run start(Feed feed, Work work) {
        var consumers =
                perPartition ? Clients.onePerPartition(feed, feed.capPerPartition()) : Clients.single(feed, feed.cap());
        return Loops.start(this, consumers, consumer -> {
            var batch = consumer.poll(Clients.POLL);
            if (!batch.isEmpty()) {
                Workers.runAll(work, batch);
                work.batchEnded();
                consumer.commitSync();
            }
        });
    }
}
