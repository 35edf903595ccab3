package outrider.checker.check.dns;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names that nobody has set up: if one exists all the same, a wildcard answers.
final class Unlikely {

    private static final int BYTES = 6;

    private Unlikely() {}

    /// A name below the parent; always the same one for it, so that asking again costs resolvers nothing, and one that
    /// tells who reads logs whom to ask about it.
    static String below(String parent) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(parent.getBytes(StandardCharsets.UTF_8));
            return "outrider-%s.%s".formatted(HexFormat.of().formatHex(hash, 0, BYTES), parent);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
