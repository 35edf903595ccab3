package outrider.checker.check.http;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.egress.Fetched;

/// Answers that are not the site's own: from servers in trouble, from guards that took us for a bot, and from those
/// who keep a place for a site that is not there.
public final class Obstacles {

    private static final Set<Integer> NOT_NOW = Set.of(408, 425, 429);
    private static final Signs WALLS = Signs.read("walls.txt");
    private static final Signs PARKING = Signs.read("parking.txt");

    private Obstacles() {}

    /// Why the answer says nothing about the site; empty if it does.
    public static Optional<String> of(Fetched.Response response) {
        var wall = WALLS.provider(response);
        if (wall.isPresent()) {
            return Optional.of("a guard against bots (%s) answered for %s".formatted(wall.get(), response.url()));
        }
        return response.status() >= 500 || NOT_NOW.contains(response.status())
                ? Optional.of("%s answered %d".formatted(response.url(), response.status()))
                : Optional.empty();
    }

    /// Why nothing on the way says anything about the site: it led to the host of a guard against bots.
    static Optional<String> diversion(HttpObservation seen) {
        if (WALLS.provider(seen.endpoint().host()).isPresent()) {
            return Optional.empty();
        }
        var last = seen.end() instanceof End.Failed(var url, var trouble) ? Stream.of(url) : Stream.<URI>empty();
        return Stream.concat(seen.hops().stream().map(Hop::url), last)
                // A host that only looks like an address is none to Java.
                .filter(url -> url.getHost() != null)
                .flatMap(url -> WALLS.provider(url.getHost()).stream())
                .findFirst()
                .map("it sent us to a guard against bots (%s)"::formatted);
    }

    /// Who keeps the place if the way led to a placeholder instead of a site.
    ///
    /// Such a page has an owner of its own, who is not the asset's: its headers are nobody's to mend.
    static Optional<String> parking(HttpObservation seen) {
        // Those who trade in domains have sites, too.
        if (PARKING.provider(seen.endpoint().host()).isPresent()) {
            return Optional.empty();
        }
        return seen.hops().stream()
                .map(Hop::response)
                .filter(response -> response.status() < 400)
                .flatMap(response -> PARKING.provider(response).stream())
                .findFirst();
    }
}
