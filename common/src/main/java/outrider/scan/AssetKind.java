package outrider.scan;

/// What an asset is: a whole domain, or one host.
public enum AssetKind {
    ZONE,
    HOST
}
