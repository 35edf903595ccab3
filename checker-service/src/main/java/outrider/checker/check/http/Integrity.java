package outrider.checker.check.http;

import java.util.Base64;
import java.util.Map;

/// Reads the attribute `integrity` (Subresource Integrity, section 3.5).
final class Integrity {

    /// How many bytes each kind of hash has.
    private static final Map<String, Integer> HASHES = Map.of("sha256", 32, "sha384", 48, "sha512", 64);

    private Integrity() {}

    /// Whether browsers find a hash in it to hold the content against; what they cannot read they ignore.
    static boolean isGiven(String attribute) {
        for (var token : Tokens.words(attribute)) {
            var dash = token.indexOf('-');
            var length = dash < 0 ? null : HASHES.get(token.substring(0, dash));
            if (length != null && isHash(Tokens.before(token.substring(dash + 1), "?"), length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHash(String base64, int length) {
        try {
            // Both alphabets are allowed.
            return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/')).length == length;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
