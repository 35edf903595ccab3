package outrider.checker.egress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.NoHttpResponseException;

/// Why something outside could not be looked at.
///
/// @param reason for people; one line
public record Trouble(Kind kind, String reason) {

    /// What went wrong, as far as a check may care.
    public enum Kind {
        /// The guard forbids the address; nothing was sent.
        REFUSED_BY_GUARD,
        /// The name leads to no address, or nobody could say.
        NO_ADDRESS,
        /// Nothing listens on that port.
        CLOSED,
        /// This machine has no way there.
        NO_ROUTE,
        TIMEOUT,
        /// The connection broke, or what came was not the protocol.
        BROKEN
    }

    static final Trouble NO_HTTP_1 = new Trouble(Kind.BROKEN, "it does not speak HTTP/1.1");

    static Trouble of(IOException failure) {
        return switch (failure) {
            case NoAddressException e -> e.trouble();
            case InterruptedIOException e -> new Trouble(Kind.TIMEOUT, "it did not answer in time");
            case NoRouteToHostException e -> new Trouble(Kind.NO_ROUTE, "there is no route to it");
            case ConnectException e -> ofConnect(e);
            // It was offered HTTP/1.1 alone.
            case SSLException e when message(e).contains("no_application_protocol") -> NO_HTTP_1;
            case SSLException e -> new Trouble(Kind.BROKEN, "the TLS handshake failed: " + message(e));
            case NoHttpResponseException e -> new Trouble(Kind.BROKEN, "it closed the connection without an answer");
            case EOFException e -> new Trouble(Kind.BROKEN, "it closed the connection without an answer");
            case SocketException e -> new Trouble(Kind.BROKEN, "the connection broke: " + message(e));
            default -> new Trouble(Kind.BROKEN, "the conversation failed: " + message(failure));
        };
    }

    private static Trouble ofConnect(ConnectException failure) {
        var message = message(failure).toLowerCase(Locale.ROOT);
        if (message.contains("unreachable") || message.contains("no route")) {
            return new Trouble(Kind.NO_ROUTE, "there is no route to it");
        }
        return message.contains("refused")
                ? new Trouble(Kind.CLOSED, "nothing listens there: the connection was refused")
                : new Trouble(Kind.BROKEN, "connecting failed: " + message);
    }

    private static String message(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
