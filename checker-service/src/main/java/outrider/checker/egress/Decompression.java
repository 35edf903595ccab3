package outrider.checker.egress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Undoes the `Content-Encoding` of a body (RFC 9110, section 8.4.1).
///
/// Of the bytes it makes, the reader takes no more than it wants, so a small bomb costs nothing; of those it takes
/// off the wire there is a bound of its own, because compressed data can go on for ever without yielding a byte.
final class Decompression {

    /// Brotli and its like are not in the platform, and every server can do without.
    static final String ACCEPTED = "gzip, deflate";

    private static final int MAX_COMPRESSED = HttpFetcher.MAX_BODY + 1;

    private Decompression() {}

    /// The body as it was before it was encoded; closing it leaves the wire open. An [IOException] for an encoding
    /// that was not asked for, or for several at once.
    static InputStream of(List<String> encodings, InputStream wire) throws IOException {
        var codings = encodings.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .filter(value -> !value.isEmpty() && !value.equals("identity"))
                .toList();
        if (codings.isEmpty()) {
            return new Bounded(wire);
        }
        if (codings.size() > 1) {
            throw new IOException("its body is compressed more than once");
        }
        var in = new PushbackInputStream(new Bounded(wire), 2);
        var start = in.readNBytes(2);
        in.unread(start);
        if (start.length == 0) {
            return in;
        }
        return switch (codings.getFirst()) {
            case "gzip", "x-gzip" -> new GZIPInputStream(in);
            case "deflate" -> new Inflating(in, new Inflater(!isZlib(start)));
            default -> throw new IOException("its body is in an encoding that was not asked for");
        };
    }

    /// Some servers send bare deflate data instead of the zlib format that the name means (RFC 1950, section 2.2).
    private static boolean isZlib(byte[] start) {
        return start.length == 2 && (start[0] & 0x0f) == 8 && ((start[0] & 0xff) << 8 | start[1] & 0xff) % 31 == 0;
    }

    /// Frees the inflater, too, which the platform's own does only for one it made itself.
    private static final class Inflating extends InflaterInputStream {

        Inflating(InputStream in, Inflater inflater) {
            super(in, inflater);
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }

    private static final class Bounded extends FilterInputStream {

        private int left = MAX_COMPRESSED;

        Bounded(InputStream wire) {
            super(wire);
        }

        @Override
        public int read() throws IOException {
            var octet = super.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var read = super.read(bytes, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        /// Closing what is below would read it to its end.
        @Override
        public void close() {}

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new IOException("its body is too long");
            }
        }
    }
}
