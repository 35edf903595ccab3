package outrider.checker.check;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import outrider.insight.CheckDefinition;
import outrider.insight.CheckId;
import outrider.insight.Severity;
import outrider.scan.Lane;
import outrider.scan.ScanJob;

/// A checker that looks and judges as it is told, and the definitions of its two checks.
class FakeChecker implements Checker<String> {

    static final CheckId ONE = new CheckId("fake.one");
    static final CheckId TWO = new CheckId("fake.two");

    private final Map<String, Look<String>> looks;
    private final List<Judge<String>> judges;

    FakeChecker(Map<String, Look<String>> looks, List<Judge<String>> judges) {
        this.looks = looks;
        this.judges = judges;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Stream<Subject<String>> subjects(ScanJob job) {
        return looks.entrySet().stream().map(look -> new Subject<>(look.getKey(), look.getValue()));
    }

    @Override
    public List<Judge<String>> judges() {
        return judges;
    }

    @Override
    public String whyNoSubjects() {
        return "nothing to see";
    }

    static List<CheckDefinition> definitions(CheckId... ids) {
        return List.of(ids).stream()
                .map(id ->
                        new CheckDefinition(id, "fake", Lane.FAST, "?", "", Severity.HIGH, "", "", "", "", List.of()))
                .toList();
    }

    static Judge<String> passing(CheckId id) {
        return judge(id, seen -> Verdict.pass());
    }

    static Judge<String> judge(CheckId id, Function<String, Verdict> judgement) {
        return new Judge<>() {
            @Override
            public CheckId id() {
                return id;
            }

            @Override
            public Verdict judge(String observation) {
                return judgement.apply(observation);
            }
        };
    }
}
