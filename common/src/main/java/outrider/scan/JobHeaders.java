package outrider.scan;

/// The names of the headers of a record in a `scan-jobs` topic. Their values are UTF-8 text.
public final class JobHeaders {

    /// The lane that must run the job, stamped once by the scheduler: `fast`, `slow` or `interactive`.
    public static final String LANE = "lane";

    /// The account whose asset is scanned (a UUID): the interactive lane takes turns by it.
    public static final String ACCOUNT = "account";

    /// Which attempt this is, from 1.
    public static final String ATTEMPT = "attempt";

    /// Not to be run before this instant (RFC 3339).
    public static final String NOT_BEFORE = "not-before";

    /// How long the job may run once admitted (ISO 8601 duration).
    public static final String BUDGET = "budget";

    /// Past this instant (RFC 3339) the job is settled as expired instead of run.
    public static final String EXPIRES_AT = "expires-at";

    /// On a job that was a dead letter and is run again: which one, as `partition-offset` in `scan-jobs.dead`.
    public static final String REPLAYED_FROM = "replayed-from";

    /// W3C trace context.
    public static final String TRACEPARENT = "traceparent";

    private JobHeaders() {}
}
