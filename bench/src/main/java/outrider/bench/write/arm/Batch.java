package outrider.bench.write.arm;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.insight.InsightHash;
import outrider.insight.Severity;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;

/// One report, made from numbers, so that half a million insights are a stream and never a list: ten insights to a
/// subject, about 400 bytes each. The hashes are made beforehand.
public final class Batch {
    /// A checker of the catalogue and one of its checks, so that the same report passes over HTTP.
    public static final String CHECKER = "dns";

    private static final CheckId CHECK = new CheckId("dns.caa");
    private static final int PER_SUBJECT = 10;
    private static final int KEPT = 20_000;
    private static final Instant EPOCH = Instant.parse("2026-06-01T12:00:00Z");

    private final Scope scope;
    private final long sequence;
    private final int size;
    private final int changedPercent;
    private final long[] hashes;
    private final List<FoundInsight> kept;

    /// @param sequence rises from report to report of a scope
    /// @param changedPercent how many of a hundred insights say what no report before said
    public Batch(Scope scope, long sequence, int size, int changedPercent) {
        this.scope = scope;
        this.sequence = sequence;
        this.size = size;
        this.changedPercent = changedPercent;
        this.hashes = new long[4 * size];
        this.kept = size > KEPT
                ? List.of()
                : IntStream.range(0, size).mapToObj(this::made).toList();
        for (int number = 0; number < size; number++) {
            var insight = insight(number);
            put(4 * number, InsightHash.key(insight));
            put(4 * number + 2, InsightHash.content(insight));
        }
    }

    /// An insight with its hashes.
    public record Row(UUID key, UUID content, FoundInsight insight) {}

    public Scope scope() {
        return scope;
    }

    public long sequence() {
        return sequence;
    }

    public int size() {
        return size;
    }

    /// When the scan had looked.
    public Instant at() {
        return EPOCH.plus(sequence, ChronoUnit.MINUTES);
    }

    /// The next report of the scope.
    public Batch next(int changedPercent) {
        return new Batch(scope, sequence + 1, size, changedPercent);
    }

    /// The insights as a rival gets them.
    public Stream<Row> rows() {
        return IntStream.range(0, size).mapToObj(number -> new Row(key(number), content(number), insight(number)));
    }

    /// The whole report, as it goes over the wire.
    public Stream<ReportLine> lines() {
        return lines(number -> false);
    }

    /// The same, without the bodies of the insights at the positions that are known.
    public Stream<ReportLine> lines(IntPredicate known) {
        int subjects = (size + PER_SUBJECT - 1) / PER_SUBJECT;
        // By number, as a stream of streams would hold a whole one of them.
        return IntStream.range(0, 1 + subjects + size + 1).mapToObj(line -> {
            if (line == 0) {
                return header();
            }
            int number = line - 1 - subjects;
            if (number < 0) {
                return CheckResult.fail(CHECK, subject(PER_SUBJECT * (line - 1)), "see its insights");
            }
            if (number == size) {
                return new ReportEnd(subjects, size);
            }
            return known.test(number) ? known(number) : insight(number);
        });
    }

    /// The question which bodies are needed.
    public Stream<KnownInsight> question() {
        return IntStream.range(0, size).mapToObj(this::known);
    }

    public ReportHeader header() {
        return new ReportHeader(
                new UUID(scope.number(), sequence),
                sequence,
                scope.account(),
                scope.asset(),
                CHECKER,
                at(),
                at(),
                null);
    }

    private KnownInsight known(int number) {
        return new KnownInsight(key(number), content(number));
    }

    private UUID key(int number) {
        return new UUID(hashes[4 * number], hashes[4 * number + 1]);
    }

    private UUID content(int number) {
        return new UUID(hashes[4 * number + 2], hashes[4 * number + 3]);
    }

    private void put(int at, UUID hash) {
        hashes[at] = hash.getMostSignificantBits();
        hashes[at + 1] = hash.getLeastSignificantBits();
    }

    private FoundInsight insight(int number) {
        return kept.isEmpty() ? made(number) : kept.get(number);
    }

    private FoundInsight made(int number) {
        long version = number % 100 < changedPercent ? sequence : 0;
        return new FoundInsight(
                CHECK,
                subject(number),
                "issue " + number % PER_SUBJECT,
                Severity.values()[number % Severity.values().length],
                Confidence.FIRM,
                "Any certificate authority may issue certificates for this name",
                Map.of(
                        "answer",
                        "no CAA record at record-%d.example.com nor at any name above it, asked of two servers"
                                .formatted(number),
                        "seen",
                        "version " + version,
                        "servers",
                        "ns1.example.net 192.0.2.53, ns2.example.net 198.51.100.53"));
    }

    private static String subject(int number) {
        return "record-%d.customers.example.com".formatted(number / PER_SUBJECT);
    }
}
