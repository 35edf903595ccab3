package outrider.insights.ingest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.Part;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

/// A report of checker `lab`, unless another is named, put together line by line.
public final class TestReport {

    private final UUID accountId;
    private final UUID assetId;
    private final long sequence;
    private final List<CheckResult> results = new ArrayList<>();
    private final List<FoundInsight> insights = new ArrayList<>();
    private final Set<String> bodiless = new HashSet<>();
    private Set<UUID> hashes = Set.of();
    private UUID scanId;
    private Severity severity = Severity.MEDIUM;
    private Confidence confidence = Confidence.FIRM;
    private String evidence = "1";
    private String traceparent;
    private Instant at;
    private Long revision;
    private Part part;
    private String checker = "lab";
    private String catalog;

    public TestReport(UUID accountId, UUID assetId, long sequence) {
        this.accountId = accountId;
        this.assetId = assetId;
        this.sequence = sequence;
        this.at = TestScope.time(sequence);
        this.scanId = UUID.nameUUIDFromBytes((assetId + "/" + sequence).getBytes(StandardCharsets.UTF_8));
    }

    TestReport scanId(UUID id) {
        scanId = id;
        return this;
    }

    /// Of the insights from here on.
    public TestReport severity(Severity severity) {
        this.severity = severity;
        return this;
    }

    /// Of the insights from here on.
    public TestReport confidence(Confidence confidence) {
        this.confidence = confidence;
        return this;
    }

    /// Of the insights from here on.
    TestReport evidence(String evidence) {
        this.evidence = evidence;
        return this;
    }

    /// When it had looked.
    TestReport at(Instant time) {
        at = time;
        return this;
    }

    /// The revision of the asset that it looked at.
    public TestReport revision(long assetRevision) {
        revision = assetRevision;
        return this;
    }

    /// What of the asset it is about.
    TestReport part(Part some) {
        part = some;
        return this;
    }

    public TestReport checker(String name) {
        checker = name;
        return this;
    }

    /// The hash of the catalogue that the checker has.
    public TestReport catalog(String hash) {
        catalog = hash;
        return this;
    }

    TestReport within(String traceparent) {
        this.traceparent = traceparent;
        return this;
    }

    public TestReport pass(String check, String subject) {
        results.add(CheckResult.pass(new CheckId(check), subject));
        return this;
    }

    public TestReport notApplicable(String check, String subject) {
        results.add(CheckResult.notApplicable(new CheckId(check), subject, "nothing to look at"));
        return this;
    }

    public TestReport error(String check, String subject) {
        results.add(CheckResult.error(new CheckId(check), subject, "timed out"));
        return this;
    }

    public TestReport notPermitted(String check, String subject) {
        results.add(CheckResult.notPermitted(new CheckId(check), subject, "its owner has opted out"));
        return this;
    }

    /// A FAIL, and an insight for each detail.
    public TestReport fail(String check, String subject, String... details) {
        results.add(CheckResult.fail(new CheckId(check), subject, "see there"));
        for (var detail : details) {
            insights.add(new FoundInsight(
                    new CheckId(check),
                    subject,
                    detail,
                    severity,
                    confidence,
                    "%s on %s".formatted(check, subject),
                    Map.of("seen", evidence)));
        }
        return this;
    }

    /// Leaves out the bodies of the insights with these details.
    TestReport withoutBodies(String... details) {
        bodiless.addAll(List.of(details));
        return this;
    }

    /// Leaves out the bodies of the insights with these content hashes.
    void withoutBodiesOf(Set<UUID> open) {
        hashes = open;
    }

    Report build() {
        return new Report(header(), results, rows());
    }

    /// With all bodies.
    Report whole() {
        return new Report(
                header(), results, insights.stream().map(Report.Row::of).toList());
    }

    private List<Report.Row> rows() {
        return insights.stream()
                .map(Report.Row::of)
                .map(row -> bodiless.contains(row.insight().detail()) || hashes.contains(hash(row))
                        ? new Report.Row(row.key(), row.content(), null)
                        : row)
                .toList();
    }

    /// Of key and content together.
    private static UUID hash(Report.Row row) {
        return TestScope.hash(row.key(), row.content());
    }

    /// The question which of its bodies are needed.
    String question() {
        var known = rows().stream().map(row -> new KnownInsight(row.key(), row.content()));
        return lines(Stream.of(Stream.of(header()), known, Stream.of(new ReportEnd(0, insights.size())))
                .flatMap(line -> line));
    }

    /// As it is when its rows have moved to a slot.
    LargeReport buildIn(Stage stage) {
        var rows = new ReportRows(header());
        rows.moveTo(stage);
        results.forEach(rows::add);
        rows().forEach(rows::add);
        return (LargeReport) rows.end();
    }

    public String ndjson() {
        return lines(Stream.of(
                        Stream.of(header()),
                        results.stream(),
                        insights.stream(),
                        Stream.of(new ReportEnd(results.size(), insights.size())))
                .flatMap(lines -> lines));
    }

    private static String lines(Stream<? extends ReportLine> lines) {
        return lines.map(line -> Wire.JSON.writerFor(ReportLine.class).writeValueAsString(line) + "\n")
                .collect(Collectors.joining());
    }

    ReportHeader header() {
        return new ReportHeader(
                scanId, sequence, accountId, assetId, checker, at, at, revision, catalog, part, traceparent);
    }
}
