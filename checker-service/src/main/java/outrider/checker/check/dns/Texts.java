package outrider.checker.check.dns;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsRecord;

/// The texts of TXT answers, and the tags that some of them are made of.
final class Texts {

    private Texts() {}

    /// The text of each TXT record of the answer; none if it has no records.
    static Stream<String> of(DnsAnswer answer) {
        return answer instanceof DnsAnswer.Records(var aliases, var records)
                ? records.stream()
                        .filter(DnsRecord.Txt.class::isInstance)
                        .map(record -> ((DnsRecord.Txt) record).text())
                : Stream.of();
    }

    /// A list of tags, `name=value; name=value`, with the names in lower case (RFC 6376, section 3.2; RFC 7489, section
    /// 6.4). Of two tags of one name the first counts; what is no tag is left out.
    static Map<String, String> tags(String text) {
        var tags = new LinkedHashMap<String, String>();
        for (var tag : text.split(";")) {
            var equals = tag.indexOf('=');
            if (equals > 0) {
                tags.putIfAbsent(
                        tag.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        tag.substring(equals + 1).strip());
            }
        }
        return tags;
    }
}
