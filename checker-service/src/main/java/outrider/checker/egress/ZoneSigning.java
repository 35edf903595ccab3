package outrider.checker.egress;

import java.util.Set;

/// How the zone that a name is in is signed (DNSSEC, RFC 4033 to 4035).
public sealed interface ZoneSigning {

    /// Its signatures hold, from what the parent says of its keys down to its SOA record.
    ///
    /// @param algorithms those that hold it, by their names in the registry of IANA
    /// @param confirmed whether the resolver validated it too, and so all that is above the zone
    record Signed(String zone, Set<String> algorithms, boolean confirmed) implements ZoneSigning {
        public Signed {
            algorithms = Set.copyOf(algorithms);
        }
    }

    /// Resolvers have nothing to validate it by, and take it as it comes.
    record Unsigned(String zone, Cause cause) implements ZoneSigning {}

    /// Resolvers that validate refuse it.
    ///
    /// @param why one sentence that stays the same while nothing changes
    /// @param confirmed whether the resolver and our own look agree
    record Bogus(String zone, String why, boolean confirmed) implements ZoneSigning {}

    record Unknown(String why) implements ZoneSigning {}

    /// Why there is nothing to validate by.
    enum Cause {
        /// Neither keys nor a DS record at the parent.
        NO_KEYS,
        /// Keys, but no DS record at the parent that makes anybody look at them.
        NO_DS,
        /// Only algorithms that resolvers do not support.
        UNSUPPORTED,
        /// A DS record that the resolver does not follow although it validates: nothing vouches for the zone it is
        /// in, or it does not know the algorithm.
        ISLAND
    }
}
