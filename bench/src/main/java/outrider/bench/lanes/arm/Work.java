package outrider.bench.lanes.arm;

/// The job of a benchmark: the same for every arm.
@FunctionalInterface
public interface Work {

    /// Does the job of one record on the calling thread.
    ///
    /// @throws InterruptedException when the run was closed; the job does not count
    void run(byte[] value) throws InterruptedException;

    /// Called when all jobs of a batch are done and before it is committed, by the arms that have batches.
    ///
    /// @throws InterruptedException when the run was closed
    default void batchEnded() throws InterruptedException {}
}
