package outrider.insights.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/// Rows in the binary format of COPY, sent as the buffer fills.
///
/// Nothing is checked here: the server would say what is wrong with a row only after the last.
final class CopyRows {

    private static final byte[] HEADER = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SIZE = 128 * 1024;
    private static final int NULL = -1;

    private final CopyIn copy;
    private ByteBuffer buffer = ByteBuffer.allocate(SIZE);

    CopyRows(CopyIn copy) {
        this.copy = copy;
        // Neither flags nor an extension of the header.
        buffer.put(HEADER).putInt(0).putInt(0);
    }

    CopyRows row(int columns) throws SQLException {
        room(Short.BYTES).putShort((short) columns);
        return this;
    }

    CopyRows uuid(@Nullable UUID value) throws SQLException {
        if (value == null) {
            return nothing();
        }
        room(Integer.BYTES + 16)
                .putInt(16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
        return this;
    }

    CopyRows number(int value) throws SQLException {
        room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
        return this;
    }

    CopyRows truth(boolean value) throws SQLException {
        room(Integer.BYTES + 1).putInt(1).put((byte) (value ? 1 : 0));
        return this;
    }

    CopyRows text(String value) throws SQLException {
        return text(value.getBytes(StandardCharsets.UTF_8));
    }

    CopyRows text(byte[] utf8) throws SQLException {
        room(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
        return this;
    }

    CopyRows nothing() throws SQLException {
        room(Integer.BYTES).putInt(NULL);
        return this;
    }

    /// Ends the rows; what the server has against one of them comes to light now.
    ///
    /// @return how many rows arrived
    long end() throws SQLException {
        room(Short.BYTES).putShort((short) -1);
        send();
        return copy.endCopy();
    }

    private ByteBuffer room(int bytes) throws SQLException {
        if (buffer.remaining() < bytes) {
            send();
            if (buffer.capacity() < bytes) {
                buffer = ByteBuffer.allocate(bytes);
            }
        }
        return buffer;
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
