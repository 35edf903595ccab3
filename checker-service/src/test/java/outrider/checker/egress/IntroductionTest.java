package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class IntroductionTest {

    @Test
    void a_missing_contact_is_pointed_out(CapturedOutput output) {
        new Introduction(Egress.properties());

        assertThat(output).containsOnlyOnce("OUTRIDER_EGRESS_CONTACT");
    }

    @Test
    void with_a_contact_there_is_nothing_to_say(CapturedOutput output) {
        var anonymous = Egress.properties();

        new Introduction(new EgressProperties(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                URI.create("https://scans.example/"),
                null,
                anonymous.connectTimeout(),
                anonymous.readTimeout(),
                anonymous.exchangeTimeout()));

        assertThat(output).doesNotContain("OUTRIDER_EGRESS_CONTACT");
    }
}
