package outrider.bench.lanes.arm;

import outrider.bench.Topics;

/// One way to consume a topic, with at most the feed's cap of jobs running at once.
public interface Arm {

    /// What it is called in the tables.
    String name();

    /// Its consumers, batch sizes and permits for that feed: printed beside its figures.
    String settings(Feed feed);

    /// Makes what the broker must have before the first start on that feed, outside of what is timed.
    default void prepare(Feed feed, Topics topics) {}

    /// Starts to consume from the beginning of the topic.
    Run start(Feed feed, Work work);

    /// An arm that is consuming.
    interface Run extends AutoCloseable {

        /// Stops without waiting for the jobs that run.
        @Override
        void close();
    }
}
