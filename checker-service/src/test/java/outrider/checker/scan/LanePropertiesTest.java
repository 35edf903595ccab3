package outrider.checker.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ClassPathResource;
import outrider.lanes.LaneSettings;
import outrider.scan.Lane;

class LanePropertiesTest {

    @Test
    void by_default_each_lane_has_its_topic_and_the_fast_one_hands_off_to_the_slow_one() throws Exception {
        var properties = bound(Map.of());
        assertThat(properties.settings(Lane.FAST).permits()).isEqualTo(256);
        assertThat(properties.settings(Lane.FAST).handOff())
                .extracting(LaneSettings.HandOff::to)
                .isEqualTo("slow");
        assertThat(properties.settings(Lane.SLOW).retry().topic()).isEqualTo("scan-jobs.slow.retry");
        assertThat(properties.settings(Lane.SLOW).topology().topics().get("slow"))
                .isEqualTo(List.of("scan-jobs.slow"));
    }

    @Test
    void two_lanes_may_share_a_topic() throws Exception {
        var properties = bound(Map.of("outrider.lanes.slow.topics", "scan-jobs.fast"));
        assertThat(properties.settings(Lane.FAST).topology().topics().get("slow"))
                .isEqualTo(List.of("scan-jobs.fast"));
    }

    @Test
    void a_budget_can_be_set_alone() throws Exception {
        var properties = bound(Map.of("outrider.lanes.fast.hard-budget", "90s"));
        assertThat(properties.settings(Lane.FAST).budget().hard()).isEqualTo(Duration.ofSeconds(90));
        assertThat(properties.settings(Lane.FAST).budget().soft()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void a_soft_budget_beyond_the_hard_one_is_refused() {
        assertThatThrownBy(() -> bound(Map.of("outrider.lanes.fast.soft-budget", "5m")))
                .rootCause()
                .hasMessageContaining("soft PT5M must not exceed hard PT1M");
    }

    private static LaneProperties bound(Map<String, Object> changes) throws Exception {
        var sources = new MutablePropertySources();
        sources.addLast(new MapPropertySource("changes", changes));
        new YamlPropertySourceLoader()
                .load("checker", new ClassPathResource("checker.yml"))
                .forEach(sources::addLast);
        return new Binder(ConfigurationPropertySources.from(sources))
                .bind("outrider.lanes", LaneProperties.class)
                .get();
    }
}
