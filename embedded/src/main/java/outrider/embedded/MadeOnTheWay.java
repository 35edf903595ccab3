package outrider.embedded;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.stream.Stream;

/// A text that is made while it is read, so that it may be longer than fits into memory.
public final class MadeOnTheWay {

    private MadeOnTheWay() {}

    /// In UTF-8. Its parts are made one by one only if no step before turned one of them into a stream of many.
    public static InputStream of(Stream<String> parts) {
        var iterator = parts.iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return iterator.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(iterator.next().getBytes(StandardCharsets.UTF_8));
            }
        });
    }
}
