package outrider.checker.check;

import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.jspecify.annotations.Nullable;

/// Where a domain that somebody registered ends and a registry's begins, by the public suffix list that comes with the
/// HTTP client.
public final class PublicSuffixes {

    private static final PublicSuffixMatcher LIST = PublicSuffixMatcherLoader.getDefault();

    private PublicSuffixes() {}

    /// The registered domain that the name is in: `example.co.uk` for `www.example.co.uk`. A public suffix is its own.
    public static String organizationalDomain(String name) {
        @Nullable String root = LIST.getDomainRoot(name);
        return root == null ? name : root;
    }

    /// Whether names directly below this one belong to different people: `co.uk`.
    public static boolean isPublicSuffix(String name) {
        return LIST.getDomainRoot(name) == null;
    }
}
