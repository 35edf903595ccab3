package outrider.checker.check.dns;

import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A DKIM key record as its tags (RFC 6376, section 3.6.1; RFC 8463).
record DkimKey(Map<String, String> tags) {

    private static final int ED25519_BYTES = 32;

    DkimKey {
        tags = Map.copyOf(tags);
    }

    /// What the record publishes.
    sealed interface Material {

        /// An empty key: signatures by it are void.
        record Revoked() implements Material {}

        /// @param bits the length of the modulus
        record Rsa(int bits) implements Material {}

        record Ed25519() implements Material {}

        /// A kind of key that receivers of today ignore.
        record Unknown(String type) implements Material {}

        /// Text that is no key; `what` goes after "the key".
        record Broken(String what) implements Material {}
    }

    /// The record a text is meant to be; empty for one that is about something else, as where a wildcard answers.
    static Optional<DkimKey> of(String text) {
        var tags = Texts.tags(text);
        var version = tags.get("v");
        var meant = version == null ? tags.containsKey("p") : version.equals("DKIM1");
        return meant ? Optional.of(new DkimKey(tags)) : Optional.empty();
    }

    Material material() {
        var type = tags.getOrDefault("k", "rsa").toLowerCase(Locale.ROOT);
        var data = tags.get("p");
        if (data == null) {
            return new Material.Broken("is missing (there is no p=)");
        }
        var base64 = data.replaceAll("[ \\t\\r\\n]", "");
        if (base64.isEmpty()) {
            return new Material.Revoked();
        }
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return switch (type) {
                case "rsa" -> rsa(bytes);
                case "ed25519" ->
                    bytes.length == ED25519_BYTES
                            ? new Material.Ed25519()
                            : new Material.Broken("has %d bytes, and Ed25519 needs 32".formatted(bytes.length));
                default -> new Material.Unknown(type);
            };
        } catch (IllegalArgumentException e) {
            return new Material.Broken("is not Base64");
        }
    }

    /// Whether the record allows no hash but SHA-1, with which no receiver verifies any more (RFC 8301, section 3).
    boolean onlySha1() {
        var hashes = tags.get("h");
        return hashes != null
                && Arrays.stream(hashes.split(":"))
                        .map(String::strip)
                        .filter(hash -> !hash.isEmpty())
                        .allMatch(hash -> hash.equalsIgnoreCase("sha1"));
    }

    private static Material rsa(byte[] der) {
        var bits = RsaKeySize.of(der);
        return bits.isPresent()
                ? new Material.Rsa(bits.getAsInt())
                : new Material.Broken("is not an RSA public key in DER");
    }
}
