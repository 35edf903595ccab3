package outrider.lanes;

import java.util.concurrent.atomic.AtomicLong;

/// Tokens earned by success: so many settled jobs buy one hand-off, so trouble with everything cannot move everything.
final class TokenBucket {
    private final int price;
    private final long capacity;
    private final AtomicLong savings;

    /// @param tokens how many fit; it starts full
    /// @param price how many earnings make a token
    TokenBucket(int tokens, int price) {
        this.price = price;
        this.capacity = (long) tokens * price;
        this.savings = new AtomicLong(capacity);
    }

    void earn() {
        // Nearly always full: then there is nothing to write.
        if (savings.get() < capacity) {
            savings.updateAndGet(saved -> Math.min(capacity, saved + 1));
        }
    }

    boolean trySpend() {
        return savings.getAndUpdate(saved -> saved < price ? saved : saved - price) >= price;
    }
}
