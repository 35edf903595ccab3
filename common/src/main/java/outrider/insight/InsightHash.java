package outrider.insight;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import outrider.scan.FoundInsight;

/// The two 128-bit hashes of an insight, computed alike by the checker and the API: its key within the scope, and its
/// content.
///
/// Both are the first half of a SHA-256 over length-prefixed fields, so that no two inputs share a byte string.
public final class InsightHash {

    private InsightHash() {}

    /// Which insight of its scope it is: over check, subject and detail.
    public static UUID key(FoundInsight insight) {
        var digest = sha256();
        update(digest, insight.check().value());
        update(digest, insight.subject());
        update(digest, insight.detail());
        return firstHalf(digest);
    }

    /// What it says: over severity, confidence, title and the evidence in the order of its names.
    public static UUID content(FoundInsight insight) {
        var digest = sha256();
        update(digest, insight.severity().name());
        update(digest, insight.confidence().name());
        update(digest, insight.title());
        insight.evidence().forEach((name, value) -> {
            update(digest, name);
            update(digest, value);
        });
        return firstHalf(digest);
    }

    private static void update(MessageDigest digest, String field) {
        var bytes = field.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static UUID firstHalf(MessageDigest digest) {
        var bytes = ByteBuffer.wrap(digest.digest());
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
