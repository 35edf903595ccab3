package outrider.scan;

/// The names of the topics that no single lane owns; those of a lane are on [Lane].
public final class Topics {

    /// Jobs that nobody could finish, with their raw bytes and the reason.
    public static final String DEAD = "scan-jobs.dead";

    /// Which of them were replayed: checker to checkers. Kept for longer than they are.
    public static final String REPLAYED = "scan-jobs.replayed";

    /// How scans went: checker to scheduler.
    public static final String OUTCOMES = "scan-outcomes";

    /// Accounts, assets and deletions: scheduler to insights API. Compacted.
    public static final String INVENTORY = "outrider-inventory";

    /// What checks each checker has: checkers to insights API. Compacted, one record a catalogue.
    public static final String CATALOG = "outrider-catalog";

    /// Lane states, permits and opt-outs of the whole fleet. Compacted, one partition.
    public static final String CONTROL = "outrider-control";

    /// Admin actions of services without a database, which the insights API stores.
    public static final String AUDIT = "outrider-audit";

    private Topics() {}
}
