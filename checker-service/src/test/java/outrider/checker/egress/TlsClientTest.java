package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import outrider.checker.egress.Trouble.Kind;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

class TlsClientTest {

    private final LoopbackDns dns = LoopbackDns.start(0).zone(".", "").zone("example.test", """
                    @     A    127.0.0.1
                    two   A    127.0.0.1
                    two   A    127.0.0.9
                    many  A    127.0.0.1
                    many  A    127.0.0.2
                    many  A    127.0.0.3
                    inner A    10.0.0.1
                    """);
    private final CertificateAuthority authority = CertificateAuthority.root("Root", KeyKind.EC_P256);
    private final LoopbackSite site =
            LoopbackSite.https(0, authority.intermediate("Below").issue(Leaf.named("default.test")));
    private final TlsClient client = Egress.tls(dns.address());

    @AfterEach
    void stop() {
        site.close();
        dns.close();
    }

    @Test
    void keeps_the_chain_as_it_was_sent() throws InterruptedException {
        var identity =
                authority.intermediate("Other").issue(Leaf.named("x.test").with(KeyKind.RSA_1024));
        site.identity(identity);

        assertThat(presented("example.test").chain())
                .isEqualTo(identity.chain())
                .hasSize(2);
    }

    @Test
    void asks_for_the_host_by_name() throws InterruptedException {
        var named = CertificateAuthority.selfSigned(Leaf.named("example.test"));
        site.identity("example.test", named);

        assertThat(presented("example.test").leaf()).isEqualTo(named.certificate());
        assertThat(presented("127.0.0.1").leaf()).isNotEqualTo(named.certificate());
    }

    @Test
    void a_certificate_is_not_remembered_from_an_earlier_handshake() throws InterruptedException {
        var first = presented("example.test").leaf();
        site.identity(CertificateAuthority.selfSigned(Leaf.named("example.test")));

        assertThat(presented("example.test").leaf()).isNotEqualTo(first);
    }

    @Test
    void each_address_is_looked_at_but_not_more_than_two() throws InterruptedException {
        assertThat(client.look("two.example.test", site.port()))
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(TlsEdge.Presented.class),
                        second -> assertThat(second)
                                .isEqualTo(new TlsEdge.Failed(
                                        "127.0.0.9",
                                        new Trouble(
                                                Kind.CLOSED, "nothing listens there: the connection was refused"))));
        assertThat(client.look("many.example.test", site.port())).hasSize(2);
    }

    @Test
    void what_fails_is_told_with_its_reason() throws InterruptedException {
        assertThat(trouble("inner.example.test").kind()).isEqualTo(Kind.REFUSED_BY_GUARD);
        assertThat(trouble("nothing.example.test").kind()).isEqualTo(Kind.NO_ADDRESS);
        site.connect(LoopbackSite.Connect.HANG);
        assertThat(trouble("example.test").kind()).isEqualTo(Kind.TIMEOUT);
        site.connect(LoopbackSite.Connect.RESET);
        assertThat(trouble("example.test").kind()).isEqualTo(Kind.BROKEN);
    }

    @Test
    void a_server_that_speaks_no_tls_is_trouble() throws InterruptedException {
        try (var plain = LoopbackSite.http(0)) {
            assertThat(client.look("example.test", plain.port()))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TlsEdge.Failed.class,
                            failed -> assertThat(failed.trouble())
                                    .extracting(Trouble::kind)
                                    .isIn(Kind.BROKEN, Kind.TIMEOUT));
        }
    }

    @Test
    void an_old_protocol_is_trouble_and_no_verdict_on_the_certificate() throws InterruptedException {
        site.protocols("TLSv1.1");

        assertThat(trouble("example.test").kind()).isEqualTo(Kind.BROKEN);
    }

    private TlsEdge.Presented presented(String host) throws InterruptedException {
        return (TlsEdge.Presented) client.look(host, site.port()).getFirst();
    }

    private Trouble trouble(String host) throws InterruptedException {
        return ((TlsEdge.Failed) client.look(host, site.port()).getFirst()).trouble();
    }
}
