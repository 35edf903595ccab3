package outrider.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import outrider.scan.FoundInsight;

class InsightHashTest {

    private static final FoundInsight INSIGHT = insight("s", "", "t", Map.of("a", "1", "b", "2"));

    @Test
    void key_depends_on_check_subject_and_detail_only() {
        assertThat(InsightHash.key(insight("s", "", "another", Map.of()))).isEqualTo(InsightHash.key(INSIGHT));
        assertThat(InsightHash.key(insight("s", "x", "t", Map.of()))).isNotEqualTo(InsightHash.key(INSIGHT));
        assertThat(InsightHash.key(insight("sx", "", "t", Map.of())))
                .isNotEqualTo(InsightHash.key(insight("s", "x", "t", Map.of())));
    }

    @Test
    void content_depends_on_all_that_may_change() {
        assertThat(InsightHash.content(insight("other", "d", "t", Map.of("b", "2", "a", "1"))))
                .isEqualTo(InsightHash.content(INSIGHT));
        assertThat(InsightHash.content(insight("s", "", "t", Map.of("a", "12", "b", ""))))
                .isNotEqualTo(InsightHash.content(INSIGHT));
        assertThat(InsightHash.content(insight("s", "", "t2", INSIGHT.evidence())))
                .isNotEqualTo(InsightHash.content(INSIGHT));
    }

    /// Stored in databases and sent by older checkers: it must never move.
    @Test
    void hashes_are_pinned() {
        assertThat(InsightHash.key(INSIGHT)).hasToString("3f40888d-5fa0-7144-b8b4-eec6d75695b8");
        assertThat(InsightHash.content(INSIGHT)).hasToString("b39a3f56-3388-5d1f-af6b-0f9b5e20d402");
    }

    private static FoundInsight insight(String subject, String detail, String title, Map<String, String> evidence) {
        return new FoundInsight(
                new CheckId("tls.chain"), subject, detail, Severity.LOW, Confidence.FIRM, title, evidence);
    }
}
