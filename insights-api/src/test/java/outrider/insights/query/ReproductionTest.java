package outrider.insights.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReproductionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            dig TXT {subject}        | example.com              | dig TXT example.com
            connect {host}:{port}    | https://a.example        | connect a.example:443
            connect {host}:{port}    | http://a.example:8080    | connect a.example:8080
            dig {subject}            | $(rm -rf ~)              | dig '$(rm -rf ~)'
            dig {subject}            | it's; reboot             | dig 'it'\\''s; reboot'
            see {nothing}            | a                        | see {nothing}
            """)
    void fills_in_the_subject_and_quotes_what_a_shell_would_take_for_its_own(
            String template, String subject, String expected) {
        assertThat(Reproduction.of(template, subject)).isEqualTo(expected);
    }
}
