package outrider.lanes;

/// What a lane does with a job, in two phases, both on the job's own virtual thread.
///
/// `run` does the work inside a budget and is interrupted past it. `settle` makes the result durable;
/// nothing limits it, and until it returns the job keeps its permit and its offset stays uncommitted.
/// Whatever a handler throws, other than [PoisonJobException], costs the job an attempt.
///
/// @param <R> what a run yields
public interface JobHandler<R> {

    /// Phase 1: decodes and does the job. A result that comes after the interrupt is thrown away.
    R run(Job job) throws Exception;

    /// The result of a job that exceeded its hard budget.
    R timedOut(Job job) throws Exception;

    /// The result of a job that was too old to run.
    R expired(Job job) throws Exception;

    /// Phase 2: blocks until the result is durable. Check [Job#isCurrent()] before anything others can see.
    ///
    /// @throws InterruptedException when the job is no longer ours; it will be run again elsewhere
    Settlement settle(Job job, R result) throws Exception;

    /// The job ends in this lane without a result: its record is already durable elsewhere, and its old offset
    /// is not settled before this returns. Blocks until whoever has to know knows.
    default void moved(Job job, Move move) throws Exception {}

    /// Records how long phase 1 took. A handler whose jobs have traces does so within the job's, so that a
    /// histogram can lead there.
    default void measured(Job job, Runnable recording) {
        recording.run();
    }
}
