package outrider.checker.egress;

import java.util.Locale;

/// What is asked of the DNS: the records of one type at one name. The name is in lower case and has no final dot.
public record DnsQuestion(String name, Type type) {

    /// The record types that are asked for; each spelled as in the DNS.
    public enum Type {
        A,
        AAAA,
        CAA,
        MX,
        NS,
        TXT
    }

    public DnsQuestion {
        name = name.toLowerCase(Locale.ROOT);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    @Override
    public String toString() {
        return name + " " + type;
    }
}
