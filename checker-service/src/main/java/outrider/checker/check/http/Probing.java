package outrider.checker.check.http;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import outrider.checker.egress.Deadline;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Trouble;
import outrider.scan.Endpoint;

/// Sends the requests of one endpoint beyond its first page: as few as answer the checks, and none to a site that
/// did not let us in, is not there, or leads elsewhere.
///
/// At most five: two for CORS, of which one is saved where the first settles it; one for `security.txt`, a second
/// where that is missing, and one to an address where nothing can be, only where a text came that may stand
/// everywhere. Redirects of `security.txt` are followed.
final class Probing {

    private static final int MAX_REDIRECTS = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Exchanges exchanges;
    private final Instant at;
    private final Duration time;
    private final long begin = System.nanoTime();

    /// @param time from now on, after which nothing more is asked: what the first page told must not be lost because
    /// a later answer never comes
    Probing(Exchanges exchanges, Instant at, Duration time) {
        this.exchanges = exchanges;
        this.at = at;
        this.time = time;
    }

    Probes of(HttpObservation way) throws InterruptedException {
        if (way.hops().isEmpty()
                || Obstacles.parking(way).isPresent()
                || Obstacles.diversion(way).isPresent()) {
            return new Probes(at, List.of(), List.of(), Optional.empty());
        }
        var cors = CorsCheck.probed(way).map(Fetched.Response::url);
        var asked = cors.isPresent() ? cors(cors.get()) : List.<Probes.Cors>of();
        return SecurityTxtCheck.isAsked(way)
                ? securityTxt(way.endpoint(), asked)
                : new Probes(at, asked, List.of(), Optional.empty());
    }

    private List<Probes.Cors> cors(URI page) throws InterruptedException {
        var probes = new ArrayList<Probes.Cors>();
        for (var origin : List.of("https://" + random() + ".example", "null")) {
            var probe = new Probes.Cors(origin, get(page, new Fetched.Header("Origin", origin)));
            probes.add(probe);
            if (probe.answer() instanceof Fetched.Failed || CorsCheck.isOpen(probe)) {
                break;
            }
        }
        return probes;
    }

    private Probes securityTxt(Endpoint endpoint, List<Probes.Cors> cors) throws InterruptedException {
        var places = new ArrayList<Fetched>();
        var nowhere = Optional.<Fetched>empty();
        for (var place : SecurityTxtCheck.PLACES) {
            var answer = follow(URI.create(endpoint + place));
            places.add(answer);
            var found = FoundText.of(answer);
            if (found instanceof FoundText.Anything && nowhere.isEmpty()) {
                nowhere = Optional.of(get(URI.create(endpoint + "/" + random() + ".txt")));
            }
            if (!(found.given(nowhere) instanceof FoundText.Nothing)) {
                break;
            }
        }
        return new Probes(at, cors, places, nowhere);
    }

    /// The answer behind the redirects. A redirect to plain HTTP is not followed: whatever is there may be forged.
    private Fetched follow(URI url) throws InterruptedException {
        var answer = get(url);
        for (var redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
            var target = answer instanceof Fetched.Response response
                    ? Redirects.location(response).flatMap(location -> Redirects.target(response.url(), location))
                    : Optional.<URI>empty();
            if (target.isEmpty() || !"https".equals(target.get().getScheme())) {
                return answer;
            }
            answer = get(target.get());
        }
        return answer;
    }

    private Fetched get(URI url, Fetched.Header... more) throws InterruptedException {
        var left = time.minusNanos(System.nanoTime() - begin);
        if (!left.isPositive()) {
            return late(url);
        }
        try {
            return Deadline.within(left, () -> exchanges.get(url, more));
        } catch (TimeoutException e) {
            return late(url);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Asking for %s failed on our side".formatted(url), e);
        }
    }

    private static Fetched late(URI url) {
        return new Fetched.Failed(
                url, new Trouble(Trouble.Kind.TIMEOUT, "it answers so slowly that not everything could be asked"));
    }

    private static String random() {
        var bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
