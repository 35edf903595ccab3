package outrider.lanes;

/// Tokens earned by success: so many settled jobs buy one hand-off, so trouble with everything cannot move everything.
final class TokenBucket {
    private final int price;
    private final long capacity;
    private long savings;

    /// @param tokens how many fit; it starts full
    /// @param price how many earnings make a token
    TokenBucket(int tokens, int price) {
        this.price = price;
        this.capacity = (long) tokens * price;
        this.savings = capacity;
    }

    synchronized void earn() {
        savings = Math.min(capacity, savings + 1);
    }

    synchronized boolean trySpend() {
        if (savings < price) {
            return false;
        }
        savings -= price;
        return true;
    }
}
