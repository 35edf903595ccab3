package outrider.checker.check;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import outrider.checker.check.HostServer.Connect;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackSite;

/// A [HostServer] that runs.
final class HostSite implements AutoCloseable {

    private final LoopbackSite site;
    private final HostServer server;

    private HostSite(LoopbackSite site, HostServer server) {
        this.site = site;
        this.server = server;
    }

    static HostSite http(HostServer server) {
        return new HostSite(LoopbackSite.http(InetAddress.ofLiteral(server.address()), 0), server);
    }

    static HostSite https(HostServer server, CertificateAuthority trusted, LoopbackSite authority) {
        var identity = identity(server.certificate(), trusted, authority);
        var site = LoopbackSite.https(InetAddress.ofLiteral(server.address()), 0, identity);
        site.protocols(server.tls().toArray(String[]::new));
        return new HostSite(site, server);
    }

    String url(String host) {
        return site.url(host);
    }

    int port() {
        return site.port();
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
