package outrider.checker.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import outrider.embedded.site.KeyKind;

/// One server of a [HostProfile].
///
/// @param address where it listens
/// @param connect what happens to a connection; `CLOSED`: nothing listens
/// @param tls the versions it speaks, by their JSSE names
/// @param pages what it answers, by path; `*` for any other path
record HostServer(
        String address, Connect connect, List<String> tls, Certificate certificate, Map<String, HostPage> pages) {

    enum Connect {
        TALK,
        HANG,
        RESET,
        CLOSED
    }

    enum Issuer {
        TRUSTED,
        /// A root that nobody knows.
        UNKNOWN,
        SELF
    }

    /// @param names for the subject alternative name; none leaves it out
    /// @param from seen from now
    /// @param until seen from now
    /// @param whole whether the server sends the intermediate
    /// @param published whether the certificate says where the intermediate can be had
    record Certificate(
            List<String> names,
            Duration from,
            Duration until,
            Issuer issuer,
            boolean whole,
            boolean published,
            @Nullable KeyKind key) {}
}
