package outrider.checker.check.tls;

import java.time.Instant;
import java.util.List;
import outrider.checker.egress.TlsEdge;
import outrider.checker.egress.Trouble;
import outrider.scan.Endpoint;

/// What an endpoint presented when asked for TLS.
///
/// @param at when it was looked at
/// @param edges one entry for each address looked at; at least one
public record TlsObservation(Endpoint endpoint, Instant at, List<Edge> edges) {

    public TlsObservation {
        edges = List.copyOf(edges);
        if (edges.isEmpty()) {
            throw new IllegalArgumentException("An observation has at least one edge");
        }
    }

    /// What one address did.
    public sealed interface Edge {

        /// It presented a chain.
        record Seen(TlsEdge.Presented presented, ChainTrust trust) implements Edge {}

        /// It presented none.
        record Unseen(String where, Trouble trouble) implements Edge {}
    }
}
