package outrider.insights.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import outrider.insight.CheckId;
import outrider.scan.CheckState;

/// How each check of a report went on each subject, by a hash of the two.
final class SubjectStates {

    private static final CheckState[] STATES = CheckState.values();

    private final KeyIndex subjects = new KeyIndex();
    private byte[] states = new byte[16];
    private @Nullable CheckId lastCheck;
    private String lastSubject = "";
    private int last;

    /// Whether there was no state of that check on that subject.
    boolean add(CheckId check, String subject, CheckState state) {
        var number = subjects.add(hash(check, subject));
        if (number == KeyIndex.ABSENT) {
            return false;
        }
        if (states.length == number) {
            states = Arrays.copyOf(states, states.length + (states.length >> 1));
        }
        states[number] = (byte) state.ordinal();
        return true;
    }

    /// The state; null if there is none. Asking for the same again and again, as insights do, is cheap.
    @Nullable
    CheckState find(CheckId check, String subject) {
        if (!check.equals(lastCheck) || !subject.equals(lastSubject)) {
            last = subjects.find(hash(check, subject));
            lastCheck = check;
            lastSubject = subject;
        }
        return last == KeyIndex.ABSENT ? null : STATES[states[last]];
    }

    private static UUID hash(CheckId check, String subject) {
        try {
            // No check id holds a blank.
            var text = (check.value() + " " + subject).getBytes(StandardCharsets.UTF_8);
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
            return new UUID(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
