package outrider.bench.fleet;

/// What the scans are like.
enum Load {
    /// Each takes 50 ms.
    FAST,
    /// One in a hundred takes 30 s, and is known for it.
    SLOW_STAMPED,
    /// One in a hundred takes 30 s, and passes for fast.
    SLOW_MISJUDGED
}
