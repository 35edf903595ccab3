package outrider.checker.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import outrider.checker.egress.HelloAnswer.Accepted;
import outrider.checker.egress.HelloAnswer.NotTls;
import outrider.checker.egress.HelloAnswer.Refused;
import outrider.checker.egress.HelloAnswer.Unclear;
import outrider.checker.egress.Trouble.Kind;

/// Offers versions of TLS to one address by hellos of our own, one connection after the other, none of which gets as
/// far as a handshake.
///
/// A server chooses the highest version that it and the client have (RFC 5246, appendix E.1). So one hello that offers
/// TLS 1.1 and below settles that a sound server has none of them; only what it accepts, or a server that refused
/// today's versions, needs more: at most four hellos.
final class Hellos {

    private final EgressProperties properties;

    Hellos(EgressProperties properties) {
        this.properties = properties;
    }

    /// What the address answered, by the highest version that was offered. All hellos together take at most half the
    /// time of an exchange.
    ///
    /// @param modern whether it has just shaken hands with a version of today
    Map<TlsVersion, HelloAnswer> offer(InetAddress address, String host, int port, boolean modern)
            throws InterruptedException {
        var answers = new EnumMap<TlsVersion, HelloAnswer>(TlsVersion.class);
        var end = System.nanoTime() + properties.exchangeTimeout().dividedBy(2).toNanos();
        var sound = modern;
        var next = Optional.of(modern ? TlsVersion.TLS_1_1 : TlsVersion.TLS_1_3);
        while (next.isPresent()) {
            var hello = new ClientHello(next.get(), host);
            var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            var answer = ask(new InetSocketAddress(address, port), hello, left);
            answers.put(hello.highest(), answer);
            sound |= answer instanceof Accepted(var version) && version.isModern();
            next = next(hello.highest(), answer, sound);
        }
        return answers;
    }

    private HelloAnswer ask(InetSocketAddress server, ClientHello hello, Duration limit) throws InterruptedException {
        try {
            return Deadline.within(limit, () -> ask(server, hello));
        } catch (TimeoutException e) {
            return unclear(hello, new Trouble(Kind.TIMEOUT, "it did not answer in time"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                return unclear(hello, Trouble.of(failure));
            }
            throw new IllegalStateException(
                    "Offering %s to %s failed on our side".formatted(hello.highest(), server), e);
        }
    }

    private HelloAnswer ask(InetSocketAddress server, ClientHello hello) throws IOException {
        try (var socket = PlainSocket.connect(server, properties)) {
            socket.getOutputStream().write(hello.bytes());
            return new ServerFlight(hello).read(socket.getInputStream());
        }
    }

    private static Unclear unclear(ClientHello hello, Trouble trouble) {
        return new Unclear(
                new Trouble(trouble.kind(), "when offered %s, %s".formatted(hello.highest(), trouble.reason())));
    }

    private static Optional<TlsVersion> next(TlsVersion offered, HelloAnswer answer, boolean sound) {
        return switch (answer) {
            case Accepted(var version) when version.isModern() -> Optional.of(TlsVersion.TLS_1_1);
            case Accepted(var version) -> version.below();
            case Refused refused when refused.isForName() || !refused.isFinal() -> Optional.empty();
            case Refused refused when offered == TlsVersion.TLS_1_3 -> Optional.of(TlsVersion.TLS_1_1);
            // Refused along with all below it, unless the server is one of those that an unknown version upsets.
            case Refused refused -> sound ? Optional.empty() : offered.below();
            case NotTls other -> Optional.empty();
            case Unclear unclear -> Optional.empty();
        };
    }
}
