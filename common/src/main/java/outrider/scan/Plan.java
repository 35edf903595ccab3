package outrider.scan;

/// What an account has bought; it decides how often its assets are scanned.
public enum Plan {
    FREE,
    PRO,
    BUSINESS,
    ENTERPRISE
}
