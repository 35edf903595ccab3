package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import outrider.insight.CheckId;
import outrider.insight.Severity;
import outrider.scan.FoundInsight;

class ProblemTest {

    @Test
    void several_values_stand_on_lines_of_their_own_that_nobody_can_forge() {
        assertThat(Problem.of("x").saw("names", List.of("a\nb", "c")).evidence())
                .containsEntry("names", "a\\u{a}b\nc");
    }

    @Test
    void the_most_that_can_be_seen_still_fits_an_insight() {
        var problem = Problem.of("t".repeat(1_000)).severity(Severity.LOW);
        for (var i = 0; i < 10; i++) {
            problem = problem.saw("piece" + i, Collections.nCopies(5_000, "x".repeat(7)));
        }

        var insight = new FoundInsight(
                new CheckId("a.b"), "s", "", Severity.LOW, problem.confidence(), problem.title(), problem.evidence());
        assertThat(insight.evidence()).hasSize(10);
        var full = problem;
        assertThatIllegalStateException().isThrownBy(() -> full.saw("one-more", "x"));
    }
}
