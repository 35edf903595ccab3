package outrider.bench.write.arm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.postgresql.copy.CopyIn;
import outrider.insight.Confidence;
import outrider.scan.Wire;

/// The rows of a report in the binary format of COPY, in the order of [RivalTable#COLUMNS].
final class BinaryRows {
    private static final byte[] HEADER = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SIZE = 128 * 1024;
    private static final int LONGEST = 4 * 1024;
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final byte[] OPEN = "open".getBytes(StandardCharsets.UTF_8);

    private final CopyIn copy;
    private final ByteBuffer buffer = ByteBuffer.allocate(SIZE);

    private BinaryRows(CopyIn copy) {
        this.copy = copy;
        buffer.put(HEADER).putInt(0).putInt(0);
    }

    /// Sends the whole report and ends the copy.
    static void send(CopyIn copy, Batch report) throws SQLException {
        var rows = new BinaryRows(copy);
        var all = report.rows().iterator();
        while (all.hasNext()) {
            rows.add(report, all.next());
        }
        rows.buffer.putShort((short) -1);
        rows.flush();
        copy.endCopy();
    }

    private void add(Batch report, Batch.Row row) throws SQLException {
        if (buffer.remaining() < LONGEST) {
            flush();
        }
        var insight = row.insight();
        buffer.putShort((short) RivalTable.COLUMNS.size());
        uuid(report.scope().account());
        number(report.scope().number());
        uuid(row.key());
        uuid(row.content());
        buffer.putInt(Short.BYTES).putShort((short) insight.severity().ordinal());
        buffer.putInt(1).put((byte) (insight.confidence() == Confidence.FIRM ? 1 : 0));
        bytes(OPEN);
        text(insight.check().value());
        text(insight.subject());
        text(insight.detail());
        text(insight.title());
        var evidence = Wire.JSON.writeValueAsBytes(insight.evidence());
        // A version, then the text.
        buffer.putInt(evidence.length + 1).put((byte) 1).put(evidence);
        time(report.at());
        time(report.at());
        number(report.sequence());
    }

    private void uuid(UUID value) {
        buffer.putInt(16).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    }

    private void number(long value) {
        buffer.putInt(Long.BYTES).putLong(value);
    }

    private void time(Instant value) {
        number(Duration.between(POSTGRES_EPOCH, value).toNanos() / 1_000);
    }

    private void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] value) {
        buffer.putInt(value.length).put(value);
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
