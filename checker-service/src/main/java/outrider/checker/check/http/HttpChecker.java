package outrider.checker.check.http;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
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

/// Asks each endpoint of the asset for its first page and follows where it redirects.
@Component
public final class HttpChecker implements Checker<HttpObservation> {

    /// Browsers give up at twenty; who needs more than ten is lost.
    private static final int MAX_REDIRECTS = 10;

    private final HttpFetcher http;
    private final ServerTrust trust;
    private final Clock clock;
    private final List<Judge<HttpObservation>> judges =
            OtherJars.addTo(List.of(new HttpsRedirectCheck(), new HstsCheck()), HttpJudge.class);

    public HttpChecker(HttpFetcher http, ServerTrust trust, Clock clock) {
        this.http = http;
        this.trust = trust;
        this.clock = clock;
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
        var exchanges = new Exchanges(http);
        return job.effectiveEndpoints().stream()
                .distinct()
                .map(endpoint -> new Subject<>(endpoint.toString(), () -> look(endpoint, exchanges)));
    }

    private HttpObservation look(Endpoint endpoint, Exchanges exchanges) throws InterruptedException {
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
                        return new HttpObservation(endpoint, hops, new End.Arrived());
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

    private Optional<String> objection(Fetched.Response response) {
        return response.chain().isEmpty()
                ? Optional.empty()
                : trust.objection(response.chain(), response.url().getHost(), clock.instant());
    }
}
