package outrider.checker.report;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The addresses of the insights API, the nearest first, and which of them the next request goes to.
///
/// An address that cannot be reached, or whose replica is far from the primary, is passed over for a while.
/// Then one request tries it, and the others keep to the address that serves.
final class Regions {

    private static final Logger LOG = LoggerFactory.getLogger(Regions.class);

    private final List<Region> regions;
    private final long passOver;
    private final Time time;
    private volatile URI inUse;

    /// What an address was found to be, the best first.
    enum State {
        NEAR,
        FAR,
        AWAY
    }

    private static final class Region {
        final URI url;
        State state = State.NEAR;
        long until;

        Region(URI url) {
            this.url = url;
        }

        State expected(long now) {
            return until - now <= 0 ? State.NEAR : state;
        }
    }

    Regions(InsightsAddress.Insights insights, Time time) {
        this.regions = insights.url().stream().map(Region::new).toList();
        this.passOver = insights.passOver().toNanos();
        this.time = time;
        this.inUse = insights.url().getFirst();
    }

    List<URI> all() {
        return regions.stream().map(region -> region.url).toList();
    }

    /// The address that was last asked.
    URI inUse() {
        return inUse;
    }

    /// Where the next request goes. Those that are all away take turns.
    synchronized URI choose() {
        var now = time.nanos();
        var chosen = regions.stream()
                .min(Comparator.<Region, State>comparing(region -> region.expected(now))
                        .thenComparing(region -> region.expected(now) == State.AWAY ? region.until - now : 0))
                .orElseThrow();
        chosen.until = now + passOver; // of one that is tried again: until that is over, nobody else tries it
        inUse = chosen.url;
        return chosen.url;
    }

    /// Notes what an address was found to be.
    ///
    /// @param why it is away, in words for an operator; empty when it is not
    /// @return whether another address may serve now
    synchronized boolean found(URI url, State state, String why) {
        var now = time.nanos();
        for (var region : regions) {
            if (region.url.equals(url)) {
                become(region, state, why);
                region.until = now + passOver;
            }
        }
        return regions.stream().anyMatch(region -> region.expected(now) == State.NEAR);
    }

    private void become(Region region, State state, String why) {
        if (region.state != state && regions.size() > 1) {
            switch (state) {
                case NEAR -> LOG.info("The insights API at {} takes reports again", region.url);
                case FAR -> LOG.info("The insights API at {} is far from its primary: others go first", region.url);
                case AWAY -> LOG.warn("The insights API at {} takes no reports: {}", region.url, why);
            }
        }
        region.state = state;
    }
}
