package outrider.scheduler.due;

import java.util.UUID;

/// Reads where a scan's scope is from the scan's id, which the SQL function `scheduler.scan_id` makes.
public final class ScanIds {

    private static final int PLACE_SHIFT = 22;
    private static final long PLACE_MASK = (1L << 40) - 1;
    private static final int CHECKER_SHIFT = 12;
    private static final int CHECKER_MASK = (1 << 10) - 1;

    private ScanIds() {}

    /// The place of the asset (`scheduler.asset.place`). An id that is none of ours leads to some place or to none.
    public static long place(UUID scan) {
        return scan.getLeastSignificantBits() >>> PLACE_SHIFT & PLACE_MASK;
    }

    /// The number of the checker (`scheduler.checker.number`).
    public static int checker(UUID scan) {
        return (int) (scan.getLeastSignificantBits() >>> CHECKER_SHIFT) & CHECKER_MASK;
    }
}
