package outrider.checker.check.tls;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import outrider.checker.egress.TlsEdge;
import outrider.checker.egress.Trouble;
import outrider.scan.Endpoint;

/// What an endpoint did when asked for TLS.
///
/// @param at when it was looked at
/// @param edges one entry for each address looked at; at least one
/// @param plainSite the endpoint of the same host that answered without TLS; asked only where nothing listens at this
/// one
public record TlsObservation(Endpoint endpoint, Instant at, List<Edge> edges, Optional<Endpoint> plainSite) {

    public TlsObservation {
        edges = List.copyOf(edges);
        if (edges.isEmpty()) {
            throw new IllegalArgumentException("An observation has at least one edge");
        }
    }

    /// What one address did.
    public sealed interface Edge {

        /// As it was seen on the network.
        TlsEdge tls();

        /// It presented a chain.
        record Seen(TlsEdge.Presented presented, ChainTrust trust) implements Edge {
            @Override
            public TlsEdge tls() {
                return presented;
            }
        }

        /// It presented none.
        record Unseen(TlsEdge.Failed failed) implements Edge {

            @Override
            public TlsEdge tls() {
                return failed;
            }

            Trouble trouble() {
                return failed.trouble();
            }
        }
    }
}
