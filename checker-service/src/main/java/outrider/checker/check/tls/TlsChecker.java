package outrider.checker.check.tls;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import outrider.checker.check.Checker;
import outrider.checker.check.Judge;
import outrider.checker.check.OtherJars;
import outrider.checker.check.tls.TlsObservation.Edge;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;
import outrider.checker.egress.TlsClient;
import outrider.checker.egress.TlsEdge;
import outrider.checker.egress.Trouble.Kind;
import outrider.scan.Endpoint;
import outrider.scan.ScanJob;

/// Shakes hands with the `https` endpoints of the asset and keeps the certificates they present and the versions they
/// accept.
@Component
public final class TlsChecker implements Checker<TlsObservation> {

    private final TlsClient tls;
    private final HttpFetcher http;
    private final TrustSearch trust;
    private final Clock clock;
    private final List<Judge<TlsObservation>> judges = OtherJars.addTo(
            List.of(
                    new ReachableCheck(),
                    new CertExpiryCheck(),
                    new HostnameCheck(),
                    new ChainCheck(),
                    new ProtocolCheck()),
            TlsJudge.class);

    public TlsChecker(TlsClient tls, HttpFetcher http, TrustStore roots, Clock clock) {
        this.tls = tls;
        this.http = http;
        this.trust = new TrustSearch(new PathFinder(roots), http);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public List<Judge<TlsObservation>> judges() {
        return judges;
    }

    @Override
    public String whyNoSubjects() {
        return "the asset has no https endpoint";
    }

    @Override
    public Stream<Subject<TlsObservation>> subjects(ScanJob job) {
        var endpoints = job.effectiveEndpoints();
        return endpoints.stream()
                .filter(Endpoint::secure)
                .distinct()
                .map(endpoint -> new Subject<>(endpoint.toString(), () -> look(endpoint, endpoints)));
    }

    private TlsObservation look(Endpoint endpoint, List<Endpoint> all) throws InterruptedException {
        var now = clock.instant();
        var edges = new ArrayList<Edge>();
        for (var edge : tls.look(endpoint.host(), endpoint.port())) {
            edges.add(
                    switch (edge) {
                        case TlsEdge.Presented presented -> new Edge.Seen(presented, trust.of(presented.chain(), now));
                        case TlsEdge.Failed failed -> new Edge.Unseen(failed);
                    });
        }
        return new TlsObservation(endpoint, now, edges, plainSite(endpoint, all, edges));
    }

    /// Looks for the site that ought to have TLS there: where nothing listens at the only `https` endpoint of a host.
    private Optional<Endpoint> plainSite(Endpoint endpoint, List<Endpoint> all, List<Edge> edges)
            throws InterruptedException {
        var closed = edges.stream()
                .allMatch(edge ->
                        edge instanceof Edge.Unseen unseen && unseen.trouble().kind() == Kind.CLOSED);
        var ofHost = all.stream()
                .filter(other -> other.host().equals(endpoint.host()))
                .distinct()
                .toList();
        if (!closed || ofHost.stream().filter(Endpoint::secure).count() > 1) {
            return Optional.empty();
        }
        var plain = ofHost.stream().filter(other -> !other.secure()).findFirst();
        return plain.isPresent() && http.fetch(URI.create(plain.get() + "/"), 0) instanceof Fetched.Response
                ? plain
                : Optional.empty();
    }
}
