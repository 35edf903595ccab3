package outrider.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.insight.CheckId;

class CheckResultTest {

    private static final CheckId CHECK = new CheckId("dns.spf");

    @ParameterizedTest
    @ValueSource(ints = {508, 509, 510, 511, 512, 600})
    void cuts_a_long_reason_between_characters(int lead) {
        var why = CheckResult.error(CHECK, "example.com", "x".repeat(lead) + "🙂".repeat(40))
                .why();

        assertThat(why).hasSizeLessThanOrEqualTo(CheckResult.MAX_TEXT).endsWith("…");
        assertThat(new String(why.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(why);
    }

    @Test
    void an_error_must_say_why() {
        assertThatThrownBy(() -> new CheckResult(CHECK, "example.com", CheckState.ERROR, " "))
                .hasMessageContaining("must say why");
    }
}
