package outrider.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import outrider.scan.Wire;

/// The lines of a body, one at a time: numbered, bounded, valid UTF-8, never blank.
///
/// It holds one line and one buffer, whatever the size of the body. What breaks a bound ends the request with a
/// problem that names the line; whoever would rather go on asks [#goesOn].
public final class LineReader {

    private final InputStream body;
    private final long maxBytes;
    private final String tooMany;
    private final byte[] buffer = new byte[Wire.MAX_LINE + 1]; // the longest line and its end
    private int start;
    private int end;
    private long bytes;
    private int line;
    private boolean cut; // the rest of a line that is too long is still to come
    private boolean lineRefused;

    /// @param tooMany what to do about a body of more bytes
    public LineReader(InputStream body, long maxBytes, String tooMany) {
        this.body = body;
        this.maxBytes = maxBytes;
        this.tooMany = tooMany;
    }

    /// The number of the line last returned, from 1.
    public int line() {
        return line;
    }

    /// What problem documents call the line last returned.
    public String place() {
        return "line " + line;
    }

    /// Whether the problem that [#next] has just ended with is that of one line, numbered [#line]; the next call
    /// then reads what follows that line.
    public boolean goesOn() {
        return lineRefused;
    }

    /// The next line that is not blank, without its end; null at the end of the body.
    public byte @Nullable [] next() throws IOException {
        lineRefused = false;
        skipRest();
        while (true) {
            var length = lineLength();
            if (length < 0) {
                return null;
            }
            line++;
            var text = Arrays.copyOfRange(buffer, start, start + length);
            start = Math.min(end, start + length + 1);
            if (!isBlank(text)) {
                requireUtf8(text);
                return text;
            }
        }
    }

    /// How many bytes of the buffer are the next line; -1 at the end of the body.
    private int lineLength() throws IOException {
        var seen = 0;
        while (true) {
            for (var i = start + seen; i < end; i++) {
                if (buffer[i] == '\n') {
                    return i - start;
                }
            }
            seen = end - start;
            if (seen == buffer.length) {
                line++;
                start = end;
                cut = true;
                lineRefused = true;
                throw ProblemException.tooLarge(place(), "has more than %d bytes".formatted(Wire.MAX_LINE));
            }
            if (!fill()) {
                return seen == 0 ? -1 : seen;
            }
        }
    }

    private void skipRest() throws IOException {
        while (cut) {
            if (start == end && !fill()) {
                return;
            }
            cut = buffer[start++] != '\n';
        }
    }

    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        var read = body.read(buffer, end, buffer.length - end);
        if (read < 0) {
            return false;
        }
        bytes += read;
        if (bytes > maxBytes) {
            throw ProblemException.tooLarge(
                    "body", "has more than %d bytes, unzipped; %s".formatted(maxBytes, tooMany));
        }
        end += read;
        return true;
    }

    private void requireUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            lineRefused = true;
            throw ProblemException.malformed(place(), "is not valid UTF-8");
        }
    }

    private static boolean isBlank(byte[] text) {
        for (var b : text) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
