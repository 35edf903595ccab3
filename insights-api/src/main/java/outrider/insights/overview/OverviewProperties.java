package outrider.insights.overview;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the overview finds the other services, and how long it waits for them.
@ConfigurationProperties("outrider")
record OverviewProperties(
        @DefaultValue Scheduler scheduler,
        @DefaultValue Checker checker,
        @DefaultValue Overview overview) {

    /// @param url where the scheduler is
    record Scheduler(@DefaultValue("http://127.0.0.1:8081") URI url) {}

    /// @param url where the checkers are, one address or several; behind a name with several addresses each is a
    /// replica that is asked
    record Checker(@DefaultValue("http://127.0.0.1:8082") List<URI> url) {}

    /// @param timeout how long a service may take to answer; past it the overview names it and goes without
    record Overview(@DefaultValue("3s") Duration timeout) {

        Overview {
            if (!timeout.isPositive() || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException(
                        "outrider.overview.timeout must be more than zero and at most 1m, not " + timeout);
            }
        }
    }

    OverviewProperties {
        if (checker.url().isEmpty()) {
            throw new IllegalArgumentException("outrider.checker.url must name at least one checker");
        }
        check("outrider.scheduler.url", scheduler.url());
        checker.url().forEach(url -> check("outrider.checker.url", url));
    }

    private static void check(String property, URI url) {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "%s must be a http or https address such as http://checker:8082, not %s".formatted(property, url));
        }
    }
}
