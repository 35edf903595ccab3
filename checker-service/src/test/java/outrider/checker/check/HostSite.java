package outrider.checker.check;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import outrider.checker.check.HostServer.Connect;
import outrider.checker.egress.FakeTls;
import outrider.checker.egress.TlsVersion;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackSite;
import outrider.scan.Endpoint;

/// A [HostServer] that runs.
final class HostSite implements AutoCloseable {

    private final LoopbackSite site;
    private final HostServer server;
    private final @Nullable FakeTls old;

    private HostSite(LoopbackSite site, HostServer server) {
        this.site = site;
        this.server = server;
        var speaking = FakeTls.speaking(server.old().toArray(TlsVersion[]::new));
        if (server.old().isEmpty()) {
            old = null;
        } else {
            old = server.tls().isEmpty() ? FakeTls.alone(speaking) : FakeTls.before(site, speaking);
        }
    }

    static HostSite http(HostServer server) {
        return new HostSite(started(address -> LoopbackSite.http(address, server.port()), server), server);
    }

    static HostSite https(HostServer server, CertificateAuthority trusted, LoopbackSite authority) {
        var identity = identity(server.certificate(), trusted, authority);
        var site = started(address -> LoopbackSite.https(address, server.port(), identity), server);
        if (!server.tls().isEmpty()) {
            site.protocols(server.tls().toArray(String[]::new));
        }
        return new HostSite(site, server);
    }

    /// Where the machine does not give us the address or the port, its profile is skipped.
    private static LoopbackSite started(Function<InetAddress, LoopbackSite> start, HostServer server) {
        try {
            return start.apply(InetAddress.ofLiteral(server.address()));
        } catch (UncheckedIOException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    String url(String host) {
        return Endpoint.of(site.url(host).replaceFirst(":\\d+$", ":" + port())).toString();
    }

    int port() {
        return old == null ? site.port() : old.port();
    }

    /// @param filled puts values in for placeholders
    void open(UnaryOperator<String> filled) {
        server.pages().forEach((path, page) -> {
            var behaviour = page.behaviour(filled);
            if (path.equals("*")) {
                site.answer(behaviour);
            } else {
                site.answer(path, behaviour);
            }
        });
        switch (server.connect()) {
            case TALK -> site.connect(LoopbackSite.Connect.TALK);
            case HANG -> site.connect(LoopbackSite.Connect.HANG);
            case RESET -> site.connect(LoopbackSite.Connect.RESET);
            case CLOSED -> site.close();
        }
    }

    @Override
    public void close() {
        if (old != null) {
            old.close();
        }
        if (server.connect() != Connect.CLOSED) {
            site.close();
        }
    }

    private static Identity identity(
            HostServer.Certificate wanted, CertificateAuthority trusted, LoopbackSite authority) {
        var leaf = leaf(wanted);
        if (wanted.issuer() == HostServer.Issuer.SELF) {
            return CertificateAuthority.selfSigned(leaf);
        }
        var root = wanted.issuer() == HostServer.Issuer.TRUSTED
                ? trusted
                : CertificateAuthority.root("Nobody", KeyKind.EC_P256);
        var below = root.intermediate(
                "Below " + root.certificate().getSubjectX500Principal().getName());
        if (wanted.published()) {
            authority.answer("/below.cer", certificate(below));
            below = below.publishedAt(authority.url("ca.test") + "/below.cer");
        }
        var identity = below.issue(leaf);
        return wanted.whole() ? identity : identity.withoutIntermediates();
    }

    private static Leaf leaf(HostServer.Certificate wanted) {
        var now = Instant.now();
        var named = wanted.names().isEmpty()
                ? Leaf.named("www.shop.test").withCommonNameOnly()
                : Leaf.named(wanted.names().toArray(String[]::new));
        var valid = named.valid(now.plus(wanted.from()), now.plus(wanted.until()));
        return wanted.key() == null ? valid : valid.with(wanted.key());
    }

    private static Behaviour certificate(CertificateAuthority authority) {
        try {
            var der = authority.certificate().getEncoded();
            return new Behaviour.Raw(
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n".formatted(der.length)
                            + new String(der, StandardCharsets.ISO_8859_1));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
