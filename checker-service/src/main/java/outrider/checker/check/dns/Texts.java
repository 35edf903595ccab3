package outrider.checker.check.dns;

import java.util.stream.Stream;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsRecord;

/// The texts of TXT answers.
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
}
