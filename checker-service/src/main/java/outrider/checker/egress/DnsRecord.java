package outrider.checker.egress;

import java.net.InetAddress;

/// The data of one DNS record.
public sealed interface DnsRecord {

    record Address(InetAddress address) implements DnsRecord {}

    /// @param flags 128 marks a property that a CA must understand
    /// @param tag in lower case
    record Caa(int flags, String tag, String value) implements DnsRecord {}

    /// @param host in lower case without the final dot; empty for the root, which says that there is no mail (RFC
    /// 7505)
    record Mx(int preference, String host) implements DnsRecord {}

    /// @param host in lower case without the final dot
    record Ns(String host) implements DnsRecord {}

    /// @param text the strings of the record, joined without anything between them; one character per byte
    record Txt(String text) implements DnsRecord {}
}
