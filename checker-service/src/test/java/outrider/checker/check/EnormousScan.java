package outrider.checker.check;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import outrider.checker.report.Reporters;
import outrider.insight.CheckDefinition;
import outrider.insight.CheckId;
import outrider.insight.Severity;
import outrider.scan.AssetKind;
import outrider.scan.Lane;
import outrider.scan.ReportOutcome;
import outrider.scan.ScanJob;

/// A process that scans a zone of very many records, all of them bad, and reports it: what a checker
/// does between job and settlement.
///
/// Arguments: the API, the file with the token, and how many records.
public final class EnormousScan {

    private static final CheckId CHECK = new CheckId("enormous.record");

    private EnormousScan() {}

    public static void main(String[] arguments) throws Exception {
        var id = new UUID(0, 1);
        var job = new ScanJob(id, 1, id, id, AssetKind.ZONE, "example.org", List.of(), "enormous", Instant.EPOCH);
        var definition =
                new CheckDefinition(CHECK, "enormous", Lane.SLOW, "?", "", Severity.LOW, "", "", "", "", List.of());
        var runner = new CheckRunner(
                List.of(new Enormous(Integer.parseInt(arguments[2]))),
                List.of(definition),
                CheckPropertiesTest.looking(Duration.ofSeconds(20), 4));
        try (var reporters = Reporters.to(URI.create(arguments[0]), Path.of(arguments[1]), Map.of());
                var report = reporters.spool().open()) {
            runner.run(job, report::add);
            var outcome = reporters.reporter().report(report.finish(Reporters.header()), () -> true);
            System.exit(outcome.kind() == ReportOutcome.Kind.APPLIED ? 0 : 1);
        }
    }

    private record Enormous(int records) implements Checker<String>, Judge<String> {

        @Override
        public String name() {
            return "enormous";
        }

        @Override
        public Stream<Subject<String>> subjects(ScanJob job) {
            return IntStream.range(0, records)
                    .mapToObj("record-%d.example.org"::formatted)
                    .map(name -> new Subject<>(name, () -> "what was seen of " + name));
        }

        @Override
        public List<? extends Judge<String>> judges() {
            return List.of(this);
        }

        @Override
        public String whyNoSubjects() {
            return "there are no records";
        }

        @Override
        public CheckId id() {
            return CHECK;
        }

        @Override
        public Verdict judge(String seen) {
            return Verdict.fail(Problem.of("This record leads nowhere").saw("seen", seen));
        }
    }
}
