package outrider.insights.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OverviewPropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(properties("http://127.0.0.1:8081", Duration.ofSeconds(3), "http://127.0.0.1:8082"));
    }

    @Test
    void reads_all() {
        assertThat(bind(Map.of(
                        "outrider.scheduler.url", "http://s",
                        "outrider.checker.url", "http://fast,http://slow",
                        "outrider.overview.timeout", "1s")))
                .isEqualTo(properties("http://s", Duration.ofSeconds(1), "http://fast", "http://slow"));
    }

    @Test
    void refuses_what_makes_no_sense() {
        refuses("outrider.overview.timeout", "0s", "outrider.overview.timeout must be more than zero");
        refuses("outrider.overview.timeout", "2m", "at most 1m");
        refuses("outrider.checker.url", "http://one,checker:8082", "not checker:8082");
        refuses("outrider.scheduler.url", "/here", "outrider.scheduler.url must be a http or https address");
        refuses("outrider.checker.url", "", "outrider.checker.url must name at least one checker");
    }

    private static OverviewProperties properties(String scheduler, Duration timeout, String... checkers) {
        return new OverviewProperties(
                new OverviewProperties.Scheduler(URI.create(scheduler)),
                new OverviewProperties.Checker(
                        List.of(checkers).stream().map(URI::create).toList()),
                new OverviewProperties.Overview(timeout));
    }

    private static void refuses(String property, String value, String why) {
        assertThatThrownBy(() -> bind(Map.of(property, value))).rootCause().hasMessageContaining(why);
    }

    private static OverviewProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("outrider", OverviewProperties.class);
    }
}
