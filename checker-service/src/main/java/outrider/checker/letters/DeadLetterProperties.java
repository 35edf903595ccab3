package outrider.checker.letters;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much one request may do in the dead-letter topic before it answers with what it has, and where to go on.
///
/// @param mostExamined how many dead letters one request reads, whether they match or not
/// @param longest how long one request may read dead letters
@ConfigurationProperties("outrider.dead-letters")
record DeadLetterProperties(
        @DefaultValue("10000") int mostExamined,
        @DefaultValue("10s") Duration longest) {

    DeadLetterProperties {
        if (mostExamined < 1) {
            throw new IllegalArgumentException("outrider.dead-letters.most-examined must be 1 or more");
        }
        if (!longest.isPositive()) {
            throw new IllegalArgumentException("outrider.dead-letters.longest must be longer than nothing");
        }
    }
}
