package outrider.checker.check.http;

import java.util.Optional;
import java.util.Set;
import outrider.checker.egress.Fetched;

/// Answers that are not the site's own: from servers in trouble and from guards that took us for a bot.
public final class Obstacles {

    private static final Set<Integer> NOT_NOW = Set.of(408, 425, 429);

    private Obstacles() {}

    /// Why the answer says nothing about the site; empty if it does.
    public static Optional<String> of(Fetched.Response response) {
        if (response.status() >= 500 || NOT_NOW.contains(response.status())) {
            return Optional.of("%s answered %d".formatted(response.url(), response.status()));
        }
        // What two large providers send with their challenge pages.
        var challenged = response.header("cf-mitigated").isPresent()
                || response.header("x-amzn-waf-action").isPresent();
        return challenged
                ? Optional.of("a guard against bots answered for %s".formatted(response.url()))
                : Optional.empty();
    }
}
