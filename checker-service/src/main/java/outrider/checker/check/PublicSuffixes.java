package outrider.checker.check;

import java.util.Optional;
import org.apache.hc.client5.http.psl.DomainType;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.jspecify.annotations.Nullable;

/// Where a domain that somebody registered ends and a registry's begins, by the public suffix list that comes with
/// the HTTP client.
public final class PublicSuffixes {

    private static final PublicSuffixMatcher LIST = PublicSuffixMatcherLoader.getDefault();

    private PublicSuffixes() {}

    /// The registered domain that the name is in: `example.co.uk` for `www.example.co.uk`. A public suffix is its
    /// own.
    public static String organizationalDomain(String name) {
        @Nullable String root = LIST.getDomainRoot(name);
        return root == null ? name : root;
    }

    /// The domain that the name is in and that a registry hands out, so that it may lapse: `azurewebsites.net` for
    /// `shop.azurewebsites.net`. Empty for a registry's own names and under suffixes that no registry knows.
    public static Optional<String> registeredDomain(String name) {
        return Optional.ofNullable(LIST.getDomainRoot(name, DomainType.ICANN)).filter(root -> !isRegistry(root));
    }

    /// Whether a registry hands out the names directly below this one to anybody: `com`, `co.uk`. Suffixes that a
    /// company keeps for its customers (`github.io`) are none, and neither are those that no registry knows.
    public static boolean isRegistry(String name) {
        var below = "label." + name;
        return below.equals(LIST.getDomainRoot(below, DomainType.ICANN));
    }
}
