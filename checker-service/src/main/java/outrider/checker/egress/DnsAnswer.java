package outrider.checker.egress;

import java.util.List;

/// What the DNS said to a question. "It is not there" and "could not ask" are different answers.
public sealed interface DnsAnswer {

    /// The records, at least one.
    ///
    /// @param aliases the names that CNAME records led to on the way, in order; empty if there were none
    record Records(List<String> aliases, List<DnsRecord> records) implements DnsAnswer {
        public Records {
            aliases = List.copyOf(aliases);
            records = List.copyOf(records);
        }
    }

    /// The name exists without records of that type (NODATA).
    record NoData(List<String> aliases) implements DnsAnswer {
        public NoData {
            aliases = List.copyOf(aliases);
        }
    }

    /// The name does not exist, or that of its last alias does not (NXDOMAIN).
    record NoName(List<String> aliases) implements DnsAnswer {
        public NoName {
            aliases = List.copyOf(aliases);
        }
    }

    /// Nobody could be asked or nobody knew: says nothing about what is there.
    record Failure(String reason) implements DnsAnswer {}
}
