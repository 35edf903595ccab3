package outrider.scheduler.inventory;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import outrider.scan.Wire;
import outrider.web.LineReader;
import outrider.web.ProblemException;

/// Reads the records of one zone from a stream. What is wrong ends it with a problem document that names the line
/// or the record.
final class ZoneReader {

    private static final long USUAL_TTL = 3_600;

    private final Name origin;

    /// Where the records go.
    @FunctionalInterface
    interface Sink {

        void add(ZoneRecord record);
    }

    /// @param zone the name of the zone, without the last dot
    ZoneReader(String zone) {
        try {
            origin = Name.fromString(zone + ".");
        } catch (TextParseException e) {
            throw new IllegalArgumentException("%s is no zone".formatted(zone), e);
        }
    }

    /// A zone file (RFC 1035, section 5). It may include no other file and generate no records.
    void zoneFile(InputStream body, Sink sink) throws IOException {
        try (var file = new Master(new ShortLines(body), origin, USUAL_TTL)) {
            file.disableIncludes(true);
            file.expandGenerate(false);
            for (var record = file.nextRecord(); record != null; record = file.nextRecord()) {
                sink.add(checked(record));
            }
            if (file.generators().hasNext()) {
                throw ProblemException.invalid("body", "has a $GENERATE line; write its records out");
            }
        } catch (TextParseException e) {
            throw ProblemException.invalid("body", "is no zone file: " + e.getMessage());
        }
    }

    /// A JSON object a line: `{"name":"www","type":"A","ttl":300,"data":"192.0.2.1"}`; a name without a last dot is
    /// below the zone unless it ends with the zone's name.
    void ndjson(LineReader lines, Sink sink) throws IOException {
        for (var line = lines.next(); line != null; line = lines.next()) {
            try {
                sink.add(checked(record(Wire.read(line, ZoneRecord.class))));
            } catch (ProblemException e) {
                throw e;
            } catch (IllegalArgumentException | IOException e) {
                throw ProblemException.invalid(lines.place(), String.valueOf(e.getMessage()));
            }
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

    /// Refuses lines that nobody writes: the parser would keep them whole.
    private static final class ShortLines extends FilterInputStream {

        private int length;
        private int line = 1;

        ShortLines(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            var octet = super.read();
            count(octet);
            return octet;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            var read = super.read(bytes, offset, count);
            for (var i = 0; i < read; i++) {
                count(bytes[offset + i]);
            }
            return read;
        }

        private void count(int octet) {
            if (octet == '\n') {
                length = 0;
                line++;
            } else if (++length > Wire.MAX_LINE) {
                throw ProblemException.tooLarge("line " + line, "has more than %d bytes".formatted(Wire.MAX_LINE));
            }
        }
    }
}
