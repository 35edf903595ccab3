package outrider.checker.egress;

import java.util.Map;
import java.util.Set;

/// What a server answered to a hello of ours that offered versions up to a highest one.
public sealed interface HelloAnswer {

    /// It chose a version and, below TLS 1.3, went on to the end of its turn: some boxes choose one only to fail then.
    record Accepted(TlsVersion version) implements HelloAnswer {}

    /// It refused with a fatal alert.
    ///
    /// @param alert the description's number (RFC 8446, section 6)
    record Refused(int alert) implements HelloAnswer {

        private static final int UNRECOGNIZED_NAME = 112;

        /// Alerts that say what the server wants, and not that it is in trouble.
        private static final Set<Integer> FINAL = Set.of(10, 40, 47, 50, 70, 71, 86, UNRECOGNIZED_NAME);

        private static final Map<Integer, String> NAMES = Map.ofEntries(
                Map.entry(0, "close_notify"),
                Map.entry(10, "unexpected_message"),
                Map.entry(40, "handshake_failure"),
                Map.entry(47, "illegal_parameter"),
                Map.entry(49, "access_denied"),
                Map.entry(50, "decode_error"),
                Map.entry(70, "protocol_version"),
                Map.entry(71, "insufficient_security"),
                Map.entry(80, "internal_error"),
                Map.entry(86, "inappropriate_fallback"),
                Map.entry(90, "user_canceled"),
                Map.entry(109, "missing_extension"),
                Map.entry(UNRECOGNIZED_NAME, "unrecognized_name"));

        /// Whether it would say the same next time.
        public boolean isFinal() {
            return FINAL.contains(alert);
        }

        /// Whether it refuses because it does not serve the host that was named (RFC 6066, section 3).
        public boolean isForName() {
            return alert == UNRECOGNIZED_NAME;
        }

        /// The alert as people know it.
        public String name() {
            return NAMES.getOrDefault(alert, "alert " + alert);
        }
    }

    /// What came is no TLS.
    ///
    /// @param http whether it was an answer of a web server
    record NotTls(boolean http) implements HelloAnswer {}

    /// Nobody can say from what came, or nothing came.
    record Unclear(Trouble trouble) implements HelloAnswer {}
}
