package outrider.embedded.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

final class LoopbackSiteTest {
    private final CertificateAuthority root = CertificateAuthority.root("Test Root", KeyKind.EC_P256);
    private final Identity good = root.intermediate("Test Issuing").issue(Leaf.named("localhost", "127.0.0.1"));

    @Test
    void answers_https_with_what_it_was_told() throws Exception {
        try (var site = LoopbackSite.https(0, good)) {
            site.answer(Behaviour.page("hello").with("Strict-Transport-Security", "max-age=1"));
            site.answer("/old", Behaviour.redirect("/new")).answerHost("127.0.0.1", Behaviour.page("bare"));

            var page = get(site.url("localhost") + "/");
            assertThat(page.body()).isEqualTo("hello");
            assertThat(page.headers().firstValue("strict-transport-security")).hasValue("max-age=1");
            assertThat(get(site.url("localhost") + "/old").statusCode()).isEqualTo(301);
            assertThat(get(site.url("127.0.0.1") + "/").body()).isEqualTo("bare");
            assertThat(site.requests()).hasSize(3).first().asString().startsWith("GET / HTTP/1.1");
        }
    }

    @Test
    void reflects_what_the_request_says() throws Exception {
        try (var site = LoopbackSite.https(0, good)) {
            site.answer(new Behaviour.Reflect(Behaviour.page("hello"), "User-Agent", "X-You"));

            assertThat(get(site.url("localhost") + "/")
                            .headers()
                            .firstValue("x-you")
                            .orElse(""))
                    .startsWith("Java-http-client");
        }
    }

    @Test
    void a_client_refuses_each_bad_certificate() {
        var elsewhere = root.issue(Leaf.named("elsewhere.test"));
        var expired = root.issue(Leaf.named("localhost").expiredSince(Duration.ofDays(3)));
        var own = CertificateAuthority.selfSigned(Leaf.named("localhost"));
        for (var bad : List.of(good.withoutIntermediates(), elsewhere, expired, own)) {
            try (var site = LoopbackSite.https(0, good).identity(bad)) {
                assertThatThrownBy(() -> get(site.url("localhost") + "/")).isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    @Test
    void makes_a_weak_key_and_an_old_signature() {
        var old = CertificateAuthority.root("Old Root", KeyKind.RSA_2048)
                .issue(Leaf.named("old.test").with(KeyKind.RSA_1024).signedWith("SHA1withRSA"))
                .certificate();

        assertThat(((RSAPublicKey) old.getPublicKey()).getModulus().bitLength()).isEqualTo(1024);
        assertThat(old.getSigAlgName()).isEqualTo("SHA1withRSA");
    }

    @Test
    void shows_the_identity_of_the_name_asked_for() throws Exception {
        var rsa = root.issue(Leaf.named("rsa.test").with(KeyKind.RSA_2048));
        try (var site = LoopbackSite.https(0, good).identity("rsa.test", rsa)) {
            assertThat(shown(site, "rsa.test")).isEqualTo(rsa.certificate());
            assertThat(shown(site, "other.test")).isEqualTo(good.certificate());
        }
    }

    @Test
    void hangs_and_resets_before_and_after_the_request() throws Exception {
        try (var site = LoopbackSite.http(0)) {
            assertThatThrownBy(() -> firstByte(site.answer(new Behaviour.Hang())))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(() -> firstByte(site.answer(new Behaviour.Reset())))
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> firstByte(site.connect(LoopbackSite.Connect.HANG)))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(() -> firstByte(site.connect(LoopbackSite.Connect.RESET)))
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void drips_and_never_ends() throws Exception {
        try (var site = LoopbackSite.http(0)) {
            site.answer(new Behaviour.Drip(Behaviour.page("x"), Duration.ofHours(1)));
            try (var socket = request(site)) {
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            }
            site.answer(new Behaviour.Endless(Map.of()));
            try (var socket = request(site)) {
                assertThat(socket.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
            }
        }
    }

    @Test
    void talks_nonsense() throws Exception {
        try (var site = LoopbackSite.http(0).answer(new Behaviour.Raw("SSH-2.0-x\r\n"));
                var socket = request(site)) {
            assertThat(new String(socket.getInputStream().readAllBytes())).isEqualTo("SSH-2.0-x\r\n");
        }
    }

    private HttpResponse<String> get(String url) throws Exception {
        try (var client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            var request = HttpRequest.newBuilder(URI.create(url));
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private X509Certificate shown(LoopbackSite site, String name) throws Exception {
        try (var socket = (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", site.port())) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private SSLContext trusting() throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", root.certificate());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void firstByte(LoopbackSite site) throws IOException {
        try (var socket = request(site)) {
            socket.getInputStream().read();
        }
    }

    private static Socket request(LoopbackSite site) throws IOException {
        var socket = new Socket("127.0.0.1", site.port());
        socket.setSoTimeout(300);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
        return socket;
    }
}
