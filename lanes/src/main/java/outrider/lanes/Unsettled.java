package outrider.lanes;

/// A polled record whose job has not come to a durable end yet.
final class Unsettled implements SweptList.Member {
    private final long offset;
    private final long polledAt;
    private volatile boolean settled;

    /// @param polledAt in nanoseconds of [System#nanoTime()]
    Unsettled(long offset, long polledAt) {
        this.offset = offset;
        this.polledAt = polledAt;
    }

    long offset() {
        return offset;
    }

    long polledAt() {
        return polledAt;
    }

    /// False when it was settled before.
    synchronized boolean settle() {
        boolean first = !settled;
        settled = true;
        return first;
    }

    @Override
    public boolean hasLeft() {
        return settled;
    }
}
