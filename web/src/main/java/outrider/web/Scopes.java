package outrider.web;

import java.util.Set;

/// The names of what a token may do; each route needs one of them.
public final class Scopes {

    public static final String INVENTORY_READ = "inventory:read";
    public static final String INVENTORY_WRITE = "inventory:write";
    public static final String SCANS_READ = "scans:read";
    public static final String SCANS_WRITE = "scans:write";
    public static final String INSIGHTS_READ = "insights:read";
    public static final String TRIAGE_WRITE = "triage:write";
    public static final String REPORTS_WRITE = "reports:write";
    public static final String RECORDS_READ = "records:read";
    public static final String BUDGETS_LEASE = "budgets:lease";
    public static final String ADMIN_READ = "admin:read";
    public static final String ADMIN_WRITE = "admin:write";
    public static final String METRICS_READ = "metrics:read";

    /// What the checker service may do, and no more: it faces hostile hosts.
    public static final Set<String> CHECKER = Set.of(REPORTS_WRITE, RECORDS_READ, BUDGETS_LEASE);

    /// What an operator may do: everything.
    public static final Set<String> OPERATOR = Set.of(
            INVENTORY_READ,
            INVENTORY_WRITE,
            SCANS_READ,
            SCANS_WRITE,
            INSIGHTS_READ,
            TRIAGE_WRITE,
            REPORTS_WRITE,
            RECORDS_READ,
            BUDGETS_LEASE,
            ADMIN_READ,
            ADMIN_WRITE,
            METRICS_READ);

    private Scopes() {}
}
