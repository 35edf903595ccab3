package outrider.checker.check;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import outrider.scan.AssetKind;

/// A host as it may be met out there, and the verdict that every check owes it.
///
/// @param name a few words, unique
/// @param why what is awkward about it
/// @param asset the name of the asset, which the checks of the DNS are asked about
/// @param host the name of its endpoints
/// @param endpoints which of the servers are endpoints of the asset
/// @param dns by zone (`asset` is the asset's own) and then by owner and type, `www A`: data, or how the question fails
/// @param signed which zones are signed, and how; their own and the root's, as a resolver that validates sees them
/// @param servers those of the host, `https` and `http`
/// @param verdicts by cell, see [Corpus]
@JsonIgnoreProperties({"like", "abstract"})
record HostProfile(
        String name,
        String why,
        String asset,
        AssetKind kind,
        String host,
        List<String> endpoints,
        Map<String, @Nullable Map<String, List<String>>> dns,
        Map<String, Signed> signed,
        Map<String, HostServer> servers,
        Map<String, String> verdicts) {

    enum Signed {
        WELL,
        /// The signatures have run out, so the resolver refuses the zone.
        EXPIRED,
        /// The parent does not know of it.
        WITHOUT_DS
    }

    @Override
    public String toString() {
        return name;
    }
}
