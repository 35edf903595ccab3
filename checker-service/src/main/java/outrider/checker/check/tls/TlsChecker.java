package outrider.checker.check.tls;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import outrider.checker.check.Checker;
import outrider.checker.check.Judge;
import outrider.checker.check.OtherJars;
import outrider.checker.egress.HttpFetcher;
import outrider.checker.egress.TlsClient;
import outrider.checker.egress.TlsEdge;
import outrider.scan.Endpoint;
import outrider.scan.ScanJob;

/// Shakes hands with the `https` endpoints of the asset and keeps the certificates they present.
@Component
public final class TlsChecker implements Checker<TlsObservation> {

    private final TlsClient tls;
    private final TrustSearch trust;
    private final Clock clock;
    private final List<Judge<TlsObservation>> judges =
            OtherJars.addTo(List.of(new CertExpiryCheck(), new HostnameCheck(), new ChainCheck()), TlsJudge.class);

    public TlsChecker(TlsClient tls, HttpFetcher http, TrustStore roots, Clock clock) {
        this.tls = tls;
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
        return job.effectiveEndpoints().stream()
                .filter(Endpoint::secure)
                .distinct()
                .map(endpoint -> new Subject<>(endpoint.toString(), () -> look(endpoint)));
    }

    private TlsObservation look(Endpoint endpoint) throws InterruptedException {
        var now = clock.instant();
        var edges = new ArrayList<TlsObservation.Edge>();
        for (var edge : tls.look(endpoint.host(), endpoint.port())) {
            edges.add(
                    switch (edge) {
                        case TlsEdge.Presented presented ->
                            new TlsObservation.Edge.Seen(presented, trust.of(presented.chain(), now));
                        case TlsEdge.Failed(var where, var trouble) -> new TlsObservation.Edge.Unseen(where, trouble);
                    });
        }
        return new TlsObservation(endpoint, now, edges);
    }
}
