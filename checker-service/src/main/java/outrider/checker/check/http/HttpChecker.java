package outrider.checker.check.http;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import outrider.checker.check.CheckProperties;
import outrider.checker.check.Checker;
import outrider.checker.check.Judge;
import outrider.checker.check.OtherJars;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.check.tls.ServerTrust;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;
import outrider.scan.Endpoint;
import outrider.scan.ScanJob;

/// Asks each endpoint of the asset for its first page and follows where it redirects; then asks what that does not
/// tell.
@Component
public final class HttpChecker implements Checker<HttpObservation> {

    /// Browsers give up at twenty; who needs more than ten is lost.
    private static final int MAX_REDIRECTS = 10;

    /// Reading a page waits for nothing, so that more than one a processor gains none; and one that is made for it
    /// takes 70 MiB meanwhile.
    private final Semaphore reading = new Semaphore(Runtime.getRuntime().availableProcessors());

    private final HttpFetcher http;
    private final ServerTrust trust;
    private final Clock clock;
    private final Duration probeTime;
    private final List<Judge<HttpObservation>> judges = OtherJars.addTo(
                    List.<Judge<HttpObservation>>of(
                            new HttpsRedirectCheck(),
                            new HstsCheck(),
                            new CspCheck(),
                            new FrameCheck(),
                            new MinorHeadersCheck(),
                            new CookiesCheck(),
                            new MixedSriCheck(),
                            new CorsCheck(),
                            new SecurityTxtCheck()),
                    HttpJudge.class)
            .stream()
            .<Judge<HttpObservation>>map(WhereASiteIs::new)
            .toList();

    public HttpChecker(HttpFetcher http, ServerTrust trust, Clock clock, CheckProperties properties) {
        this.http = http;
        this.trust = trust;
        this.clock = clock;
        this.probeTime = properties.lookTimeout().multipliedBy(3).dividedBy(4);
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public List<Judge<HttpObservation>> judges() {
        return judges;
    }

    @Override
    public String whyNoSubjects() {
        return "the asset has no endpoint";
    }

    @Override
    public Stream<Subject<HttpObservation>> subjects(ScanJob job) {
        var exchanges = new Exchanges(http.visit());
        return job.effectiveEndpoints().stream()
                .distinct()
                .map(endpoint -> new Subject<>(endpoint.toString(), () -> look(endpoint, exchanges)))
                .onClose(exchanges::close);
    }

    private HttpObservation look(Endpoint endpoint, Exchanges exchanges) throws InterruptedException {
        var probing = new Probing(exchanges, clock.instant(), probeTime);
        var way = way(endpoint, exchanges);
        return way.with(probing.of(way));
    }

    private HttpObservation way(Endpoint endpoint, Exchanges exchanges) throws InterruptedException {
        var hops = new ArrayList<Hop>();
        var visited = new HashSet<URI>();
        var url = URI.create(endpoint + "/");
        while (visited.add(url)) {
            if (hops.size() > MAX_REDIRECTS) {
                return new HttpObservation(endpoint, hops, new End.TooLong());
            }
            switch (exchanges.get(url)) {
                case Fetched.Failed(var failed, var trouble) -> {
                    return new HttpObservation(endpoint, hops, new End.Failed(failed, trouble));
                }
                case Fetched.Response response -> {
                    hops.add(new Hop(response, objection(response)));
                    var location = Redirects.location(response);
                    if (location.isEmpty()) {
                        return new HttpObservation(endpoint, hops, new End.Arrived(), page(response));
                    }
                    var target = Redirects.target(url, location.get());
                    if (target.isEmpty()) {
                        return new HttpObservation(endpoint, hops, new End.Nowhere(location.get()));
                    }
                    url = target.get();
                }
            }
        }
        return new HttpObservation(endpoint, hops, new End.Circle(url));
    }

    private Optional<Page> page(Fetched.Response response) throws InterruptedException {
        reading.acquire();
        try {
            return Page.of(response);
        } finally {
            reading.release();
        }
    }

    private Optional<String> objection(Fetched.Response response) {
        return response.chain().isEmpty()
                ? Optional.empty()
                : trust.objection(response.chain(), response.url().getHost(), clock.instant());
    }
}
