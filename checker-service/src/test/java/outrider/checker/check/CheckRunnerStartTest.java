package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static outrider.checker.check.FakeChecker.ONE;
import static outrider.checker.check.FakeChecker.TWO;
import static outrider.checker.check.FakeChecker.definitions;
import static outrider.checker.check.FakeChecker.passing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import outrider.insight.CheckDefinition;
import outrider.insight.Severity;
import outrider.scan.Lane;

/// What must fit together before a checker starts.
class CheckRunnerStartTest {

    private static final CheckProperties PATIENT = CheckPropertiesTest.looking(Duration.ofSeconds(30), 2);

    @Test
    void a_start_without_a_judge_or_a_definition_fails() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new CheckRunner(
                        List.of(new FakeChecker(Map.of(), List.of(passing(ONE)))), definitions(ONE, TWO), PATIENT))
                .withMessageContaining("without a judge [fake/fake.two]")
                .withMessageContaining("OUTRIDER_CHECKS_JARS");
        assertThatIllegalStateException()
                .isThrownBy(() -> new CheckRunner(
                        List.of(new FakeChecker(Map.of(), List.of(passing(ONE), passing(TWO)))),
                        definitions(ONE),
                        PATIENT))
                .withMessageContaining("without a checks/<id>.yml that checks/index lists [fake/fake.two]");
    }

    @Test
    void a_start_with_a_definition_of_another_checker_fails() {
        var elsewhere = new CheckDefinition(TWO, "other", Lane.FAST, "?", "", Severity.HIGH, "", "", "", "", List.of());

        assertThatIllegalStateException()
                .isThrownBy(() -> new CheckRunner(
                        List.of(new FakeChecker(Map.of(), List.of(passing(ONE), passing(TWO)))),
                        List.of(definitions(ONE).getFirst(), elsewhere),
                        PATIENT))
                .withMessageContaining("[fake/fake.two], without a judge [other/fake.two]");
    }

    @Test
    void a_start_with_two_judges_of_one_check_or_two_checkers_of_one_name_fails() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new CheckRunner(
                        List.of(new FakeChecker(Map.of(), List.of(passing(ONE), passing(TWO), passing(ONE)))),
                        definitions(ONE, TWO),
                        PATIENT))
                .withMessageStartingWith("Two judges answer fake.one: ");
        var checker = new FakeChecker(Map.of(), List.of(passing(ONE)));
        assertThatIllegalStateException()
                .isThrownBy(() -> new CheckRunner(List.of(checker, checker), definitions(ONE), PATIENT))
                .withMessageStartingWith("Two checkers are called fake: ");
    }
}
