package outrider.checker.egress;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// One message from a resolver, read as the records we know.
record DnsMessage(Message message) {

    /// The most records of one answer that are looked at.
    private static final int MAX_RECORDS = 200;

    List<DnsRecord> records(Name name, int type) {
        return answers(name, type).flatMap(DnsMessage::data).limit(MAX_RECORDS).toList();
    }

    Optional<Name> alias(Name name) {
        return answers(name, Type.CNAME)
                .map(alias -> ((CNAMERecord) alias).getTarget())
                .findFirst();
    }

    /// Whether the name at the end of the aliases does not exist.
    boolean deniesName() {
        return message.getRcode() == Rcode.NXDOMAIN;
    }

    /// Whether this is a whole answer that says that there are no such records (RFC 2308, section 2.2).
    boolean deniesType() {
        return has(Type.SOA);
    }

    /// Whether it only names others to ask, which a recursive resolver does not do.
    boolean isReferral() {
        return has(Type.NS) && !has(Type.SOA) && !message.getHeader().getFlag(Flags.AA);
    }

    private boolean has(int authorityType) {
        return message.getSection(Section.AUTHORITY).stream().anyMatch(record -> record.getType() == authorityType);
    }

    private Stream<Record> answers(Name name, int type) {
        return message.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == type && record.getName().equals(name));
    }

    private static Stream<DnsRecord> data(Record record) {
        return switch (record) {
            case ARecord a -> Stream.of(new DnsRecord.Address(a.getAddress()));
            case AAAARecord aaaa -> Stream.of(new DnsRecord.Address(aaaa.getAddress()));
            case CAARecord caa ->
                Stream.of(new DnsRecord.Caa(caa.getFlags(), caa.getTag().toLowerCase(Locale.ROOT), caa.getValue()));
            case MXRecord mx -> Stream.of(new DnsRecord.Mx(mx.getPriority(), text(mx.getTarget())));
            case NSRecord ns -> Stream.of(new DnsRecord.Ns(text(ns.getTarget())));
            case TXTRecord txt -> Stream.of(new DnsRecord.Txt(joined(txt)));
            default -> Stream.of();
        };
    }

    /// A TXT record's strings belong together without anything between them (RFC 7208, section 3.3).
    private static String joined(TXTRecord record) {
        return record.getStringsAsByteArrays().stream()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining());
    }

    /// The name in lower case without the final dot; empty for the root.
    static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }
}
