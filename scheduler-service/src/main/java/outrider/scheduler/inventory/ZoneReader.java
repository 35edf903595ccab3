package outrider.scheduler.inventory;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;
import outrider.scan.Wire;
import outrider.web.LineReader;
import outrider.web.ProblemException;

/// Reads the records of one zone from a stream. What is wrong ends it with a problem document that names the line
/// or the record.
final class ZoneReader {

    private static final long USUAL_TTL = 3_600;

    private final Name origin;
    private final long maxBytes;

    /// Where the records go.
    @FunctionalInterface
    interface Sink {

        void add(ZoneRecord record);
    }

    /// @param zone the name of the zone, without the last dot
    /// @param maxBytes the longest body
    ZoneReader(String zone, long maxBytes) {
        this.maxBytes = maxBytes;
        try {
            origin = Name.fromString(zone + ".");
        } catch (TextParseException e) {
            throw new IllegalArgumentException("%s is no zone".formatted(zone), e);
        }
    }

    /// A zone file (RFC 1035, section 5). It may include no other file and generate no records.
    void zoneFile(InputStream body, Sink sink) throws IOException {
        var before = "its first record";
        try (var file = new Master(new ShortRecords(body, maxBytes), origin, USUAL_TTL)) {
            file.disableIncludes(true);
            for (var record = next(file, before); record != null; record = next(file, before)) {
                var one = checked(record);
                sink.add(one);
                before = "what follows %s %s".formatted(one.name(), one.type());
            }
        }
    }

    private static @Nullable Record next(Master file, String place) throws IOException {
        try {
            var record = file.nextRecord();
            if (file.generators().hasNext()) {
                throw ProblemException.invalid("body", "has a $GENERATE line; write its records out");
            }
            return record;
        } catch (ProblemException e) {
            throw e;
        } catch (TextParseException | WireParseException e) {
            throw ProblemException.invalid("body", "is no zone file: " + e.getMessage());
        } catch (RuntimeException e) {
            // The parser's own way of saying that it did not expect this.
            throw ProblemException.invalid("body", "is no zone file: %s: %s".formatted(place, e.getMessage()));
        }
    }

    /// A JSON object a line: `{"name":"www","type":"A","ttl":300,"data":"192.0.2.1"}`; a name without a last dot is
    /// below the zone unless it ends with the zone's name.
    void ndjson(InputStream body, Sink sink) throws IOException {
        var lines = new LineReader(body, maxBytes, "a zone has fewer");
        for (var line = lines.next(); line != null; line = lines.next()) {
            sink.add(checked(record(line, lines.place())));
        }
    }

    private Record record(byte[] line, String place) {
        try {
            return record(Wire.read(line, ZoneRecord.class));
        } catch (IOException | RuntimeException e) {
            throw ProblemException.invalid(place, String.valueOf(e.getMessage()));
        }
    }

    private Record record(ZoneRecord line) throws IOException {
        var type = Type.value(line.type());
        if (type < 0 || line.ttl() < 0 || line.ttl() > 0x7fffffffL) {
            throw new IllegalArgumentException(
                    type < 0 ? "type: there is no such type" : "ttl: must be 0 to 2147483647");
        }
        var name = Name.fromString(line.name(), origin);
        var relative =
                !line.name().endsWith(".") && Name.fromString(line.name() + ".").subdomain(origin);
        return Record.fromString(
                relative ? Name.fromString(line.name() + ".") : name, type, DClass.IN, line.ttl(), line.data(), origin);
    }

    private ZoneRecord checked(Record record) {
        if (!record.getName().subdomain(origin) || record.getDClass() != DClass.IN) {
            throw ProblemException.invalid(
                    record.getName() + " " + Type.string(record.getType()), "is not in the zone %s".formatted(origin));
        }
        return new ZoneRecord(
                record.getName().toString(true).toLowerCase(Locale.ROOT),
                Type.string(record.getType()),
                record.getTTL(),
                record.rdataToString());
    }

    /// Refuses records that nobody writes, on one line or, in parentheses, on many: the parser would keep them
    /// whole.
    private static final class ShortRecords extends FilterInputStream {

        private final long maxBytes;
        private long bytes;
        private int length;
        private int line = 1;
        private int open;
        private boolean quoted;
        private boolean comment;
        private boolean escaped;
        private boolean returned; // a line end of two characters is one

        ShortRecords(InputStream body, long maxBytes) {
            super(body);
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            var octet = super.read();
            if (octet >= 0) {
                count(octet);
            }
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            var read = super.read(into, offset, count);
            for (var i = 0; i < read; i++) {
                count(into[offset + i]);
            }
            return read;
        }

        private void count(int octet) {
            if (++bytes > maxBytes) {
                throw ProblemException.tooLarge(
                        "body", "has more than %d bytes, unzipped; a zone has fewer".formatted(maxBytes));
            }
            if (++length > Wire.MAX_LINE) {
                throw ProblemException.tooLarge("line " + line, "has more than %d bytes".formatted(Wire.MAX_LINE));
            }
            var secondOfTwo = returned && octet == '\n';
            returned = octet == '\r';
            if (!secondOfTwo) {
                follow(octet);
            }
        }

        /// As the parser does (RFC 1035, section 5.1).
        private void follow(int octet) {
            var ends = octet == '\n' || octet == '\r';
            line += ends ? 1 : 0;
            if (escaped) {
                escaped = false;
            } else if (ends) {
                comment = false;
                quoted = false;
                length = open == 0 ? 0 : length;
            } else if (!comment) {
                switch (octet) {
                    case '\\' -> escaped = true;
                    case '"' -> quoted = !quoted;
                    case ';' -> comment = !quoted;
                    case '(' -> open += quoted ? 0 : 1;
                    case ')' -> open -= quoted || open == 0 ? 0 : 1;
                    default -> {}
                }
            }
        }
    }
}
