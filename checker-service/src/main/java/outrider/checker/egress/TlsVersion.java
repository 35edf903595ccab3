package outrider.checker.egress;

import java.util.Optional;
import java.util.stream.Stream;

/// The versions of SSL and TLS that are still met, oldest first.
public enum TlsVersion {
    SSL_3(0x0300, "SSL 3.0"),
    TLS_1_0(0x0301, "TLS 1.0"),
    TLS_1_1(0x0302, "TLS 1.1"),
    TLS_1_2(0x0303, "TLS 1.2"),
    TLS_1_3(0x0304, "TLS 1.3");

    private final int code;
    private final String title;

    TlsVersion(int code, String title) {
        this.code = code;
        this.title = title;
    }

    /// Whether it is good enough today: the others are deprecated (RFC 7568, RFC 8996).
    public boolean isModern() {
        return compareTo(TLS_1_2) >= 0;
    }

    /// As on the wire.
    int code() {
        return code;
    }

    Optional<TlsVersion> below() {
        return ordinal() == 0 ? Optional.empty() : Optional.of(values()[ordinal() - 1]);
    }

    static Optional<TlsVersion> of(int code) {
        return Stream.of(values()).filter(version -> version.code == code).findFirst();
    }

    @Override
    public String toString() {
        return title;
    }
}
