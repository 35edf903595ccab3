package outrider.insight;

/// How sure a check is of what it found. A tentative insight stays suspected until a second scan agrees.
public enum Confidence {
    FIRM,
    TENTATIVE
}
