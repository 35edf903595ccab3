package outrider.insight;

/// How bad an insight is, from least to worst.
public enum Severity {
    INFO,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
