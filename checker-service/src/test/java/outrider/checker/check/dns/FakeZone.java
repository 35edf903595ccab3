package outrider.checker.check.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.ZoneSigning;
import outrider.scan.AssetKind;

/// A DNS in a map: what is not there does not exist.
final class FakeZone {

    private final Map<DnsQuestion, DnsAnswer> answers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private ZoneSigning signing = new ZoneSigning.Unknown("nobody looked");
    private Optional<Fetched> page = Optional.empty();

    FakeZone txt(String name, String... texts) {
        return records(
                name, Type.TXT, List.of(texts).stream().map(DnsRecord.Txt::new).toList());
    }

    FakeZone mx(String name, String... hosts) {
        return records(
                name,
                Type.MX,
                List.of(hosts).stream().map(host -> new DnsRecord.Mx(10, host)).toList());
    }

    FakeZone a(String name) {
        return addresses(name, Type.A, "192.0.2.1");
    }

    FakeZone aaaa(String name) {
        return addresses(name, Type.AAAA, "2001:db8::1");
    }

    FakeZone caa(String name, int flags, String tag, String value) {
        return records(name, Type.CAA, List.of(new DnsRecord.Caa(flags, tag, value)));
    }

    FakeZone addresses(String name, Type type, String... addresses) {
        return records(
                name,
                type,
                List.of(addresses).stream()
                        .map(address -> new DnsRecord.Address(InetAddress.ofLiteral(address)))
                        .toList());
    }

    FakeZone ns(String name) {
        return records(name, Type.NS, List.of(new DnsRecord.Ns("ns." + name)));
    }

    /// An alias that ends at a name without an address.
    FakeZone gone(String name, String... aliases) {
        return answer(name, Type.A, new DnsAnswer.NoName(List.of(aliases)));
    }

    FakeZone signing(ZoneSigning signing) {
        this.signing = signing;
        return this;
    }

    FakeZone page(Fetched page) {
        this.page = Optional.of(page);
        return this;
    }

    FakeZone answer(String name, Type type, DnsAnswer answer) {
        answers.put(new DnsQuestion(name, type), answer);
        return this;
    }

    FakeZone fails(String name, Type type) {
        return answer(name, type, new DnsAnswer.Failure("SERVFAIL for " + name));
    }

    /// Asks as the checker does, then judges.
    Verdict judge(DnsJudge judge, String domain) {
        return judge(judge, domain, AssetKind.ZONE);
    }

    Verdict judge(DnsJudge judge, String domain, AssetKind kind) {
        var known = new HashMap<DnsQuestion, DnsAnswer>();
        while (true) {
            var seen = new DnsObservation(domain, kind, known, signing, page);
            var questions = judge.asks(seen);
            if (known.keySet().containsAll(questions)) {
                return judge.judge(seen);
            }
            questions.forEach(question -> {
                if (known.put(question, answer(question)) == null) {
                    asked.add(question.toString());
                }
            });
        }
    }

    List<String> asked() {
        return asked;
    }

    private FakeZone records(String name, Type type, List<? extends DnsRecord> records) {
        return answer(name, type, new DnsAnswer.Records(List.of(), List.copyOf(records)));
    }

    private DnsAnswer answer(DnsQuestion question) {
        var exists = answers.keySet().stream()
                .map(DnsQuestion::name)
                .anyMatch(name -> name.equals(question.name()) || name.endsWith("." + question.name()));
        return answers.getOrDefault(
                question, exists ? new DnsAnswer.NoData(List.of()) : new DnsAnswer.NoName(List.of()));
    }
}
