package outrider.checker.egress;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import outrider.checker.egress.Trouble.Kind;

/// Reads what a server says in its turn after a [ClientHello]: up to its ServerHelloDone, a fatal alert, or nonsense.
///
/// Looks at structure only, takes at most 64 KiB and 64 records, and throws nothing but what the stream does.
final class ServerFlight {

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int FATAL = 2;
    private static final int MAX_RECORD = (1 << 14) + 2048;
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_RECORDS = 64;
    private static final byte[] HTTP = {'H', 'T', 'T', 'P', '/'};

    private final ClientHello hello;
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private Optional<TlsVersion> chosen = Optional.empty();
    private boolean certified;

    ServerFlight(ClientHello hello) {
        this.hello = hello;
    }

    /// What the bytes amount to. An [java.io.EOFException] when they end too early.
    HelloAnswer read(InputStream in) throws IOException {
        var data = new DataInputStream(in);
        var taken = 0;
        for (var records = 0; records < MAX_RECORDS; records++) {
            var header = new byte[5];
            data.readFully(header);
            var length = (header[3] & 0xFF) << 8 | header[4] & 0xFF;
            if (header[1] != 3 || header[0] != ALERT && header[0] != HANDSHAKE) {
                return records == 0
                        ? new HelloAnswer.NotTls(Arrays.equals(header, HTTP))
                        : nonsense("a record that has no place there");
            }
            taken += length;
            if (length > MAX_RECORD || taken > MAX_BYTES) {
                return nonsense("more than a server has to say");
            }
            var fragment = new byte[length];
            data.readFully(fragment);
            var answer = header[0] == ALERT ? alert(fragment) : handshake(fragment);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        return nonsense("more records than a server has to send");
    }

    /// A warning, such as that it does not know the host's name but goes on, ends nothing.
    private static Optional<HelloAnswer> alert(byte[] fragment) {
        if (fragment.length != 2) {
            return Optional.of(nonsense("an alert of %d bytes".formatted(fragment.length)));
        }
        return fragment[0] == FATAL || fragment[1] == 0
                ? Optional.of(new HelloAnswer.Refused(fragment[1] & 0xFF))
                : Optional.empty();
    }

    /// Messages may be cut anywhere into records, and share one.
    private Optional<HelloAnswer> handshake(byte[] fragment) {
        var joined = new ByteArrayOutputStream(unread.remaining() + fragment.length);
        joined.write(unread.array(), unread.arrayOffset() + unread.position(), unread.remaining());
        joined.writeBytes(fragment);
        unread = ByteBuffer.wrap(joined.toByteArray());
        while (unread.remaining() >= 4) {
            var head = unread.getInt(unread.position());
            var length = head & 0xFFFFFF;
            if (unread.remaining() < 4 + length) {
                break;
            }
            var body = unread.slice(unread.position() + 4, length);
            unread.position(unread.position() + 4 + length);
            var answer = message(head >>> 24, body);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    private Optional<HelloAnswer> message(int type, ByteBuffer body) {
        if (chosen.isEmpty()) {
            // A HelloRequest says nothing in a handshake that is under way.
            return switch (type) {
                case 0 -> Optional.empty();
                case 2 -> serverHello(body);
                default -> Optional.of(nonsense("handshake message %d in place of a hello".formatted(type)));
            };
        }
        return switch (type) {
            case 11 -> {
                certified = true;
                yield Optional.empty();
            }
            // Certificate status, key exchange, certificate request.
            case 22, 12, 13 -> Optional.empty();
            case 14 ->
                Optional.of(
                        certified
                                ? new HelloAnswer.Accepted(chosen.get())
                                : nonsense("the end of its turn without a certificate"));
            default -> Optional.of(nonsense("handshake message %d after its hello".formatted(type)));
        };
    }

    /// RFC 5246, section 7.4.1.3, and RFC 8446, section 4.1.3.
    private Optional<HelloAnswer> serverHello(ByteBuffer body) {
        if (body.remaining() < 38) {
            return Optional.of(nonsense("a hello that is too short"));
        }
        var legacy = body.getShort() & 0xFFFF;
        body.position(body.position() + 32);
        var session = body.get() & 0xFF;
        if (session > 32 || body.remaining() < session + 3) {
            return Optional.of(nonsense("a hello with a session of %d bytes".formatted(session)));
        }
        body.position(body.position() + session);
        var suite = body.getShort() & 0xFFFF;
        body.get();
        var version = TlsVersion.of(selected(body).orElse(legacy));
        if (version.isEmpty() || version.get().compareTo(hello.highest()) > 0) {
            return Optional.of(nonsense("a hello with a version that was not offered"));
        }
        if (!hello.offers(suite)) {
            return Optional.of(nonsense("a hello with a cipher suite that was not offered"));
        }
        chosen = version;
        return version.get() == TlsVersion.TLS_1_3
                ? Optional.of(new HelloAnswer.Accepted(TlsVersion.TLS_1_3))
                : Optional.empty();
    }

    /// What the extension supported_versions says, where it is there and whole.
    private static Optional<Integer> selected(ByteBuffer extensions) {
        if (extensions.remaining() < 2) {
            return Optional.empty();
        }
        extensions.getShort();
        while (extensions.remaining() >= 4) {
            var type = extensions.getShort() & 0xFFFF;
            var length = extensions.getShort() & 0xFFFF;
            if (length > extensions.remaining()) {
                break;
            }
            if (type == 43 && length == 2) {
                return Optional.of(extensions.getShort() & 0xFFFF);
            }
            extensions.position(extensions.position() + length);
        }
        return Optional.empty();
    }

    private static HelloAnswer nonsense(String what) {
        return new HelloAnswer.Unclear(new Trouble(Kind.BROKEN, "it answered a TLS hello with " + what));
    }
}
