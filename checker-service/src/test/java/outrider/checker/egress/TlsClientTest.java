package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static outrider.checker.egress.TlsVersion.SSL_3;
import static outrider.checker.egress.TlsVersion.TLS_1_0;
import static outrider.checker.egress.TlsVersion.TLS_1_1;
import static outrider.checker.egress.TlsVersion.TLS_1_2;
import static outrider.checker.egress.TlsVersion.TLS_1_3;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import outrider.checker.egress.HelloAnswer.Accepted;
import outrider.checker.egress.HelloAnswer.NotTls;
import outrider.checker.egress.HelloAnswer.Refused;
import outrider.checker.egress.HelloAnswer.Unclear;
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
    void a_server_that_speaks_nothing_but_http_2_is_looked_at_like_any_other() throws InterruptedException {
        site.speaks("h2");

        assertThat(presented("example.test").chain()).hasSize(2);
    }

    @Test
    void each_address_is_looked_at_but_not_more_than_two() throws InterruptedException {
        assertThat(client.look("two.example.test", site.port()))
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(TlsEdge.Presented.class),
                        second -> assertThat(second)
                                .isEqualTo(new TlsEdge.Failed(
                                        "127.0.0.9",
                                        new Trouble(Kind.CLOSED, "nothing listens there: the connection was refused"),
                                        Map.of())));
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
    void one_hello_settles_that_a_sound_server_has_nothing_old() throws InterruptedException {
        try (var counted = FakeTls.before(site, FakeTls.speaking())) {
            assertThat(only(counted).answers()).isEqualTo(Map.of(TLS_1_1, new Refused(70)));
            assertThat(counted.hellos()).containsExactly(TLS_1_3, TLS_1_1);
        }
    }

    @Test
    void what_is_accepted_is_followed_down() throws InterruptedException {
        try (var old = FakeTls.before(site, FakeTls.speaking(TLS_1_0, SSL_3))) {
            assertThat(only(old))
                    .isInstanceOf(TlsEdge.Presented.class)
                    .extracting(TlsEdge::answers)
                    .isEqualTo(Map.of(TLS_1_1, new Accepted(TLS_1_0), SSL_3, new Accepted(SSL_3)));
        }
    }

    @Test
    void a_server_with_old_versions_only_is_found_to_speak_them() throws InterruptedException {
        try (var old = FakeTls.alone(FakeTls.speaking(TLS_1_0))) {
            assertThat(only(old))
                    .isInstanceOf(TlsEdge.Failed.class)
                    .extracting(TlsEdge::answers)
                    .isEqualTo(Map.of(TLS_1_3, new Accepted(TLS_1_0), SSL_3, new Refused(70)));
        }
    }

    @Test
    void a_server_that_an_unknown_version_upsets_is_asked_for_each() throws InterruptedException {
        try (var upset = FakeTls.alone((offered, client) ->
                client.getOutputStream().write(offered == TLS_1_0 ? FakeTls.flight(TLS_1_0) : FakeTls.alert(2, 40)))) {
            assertThat(only(upset).answers())
                    .containsEntry(TLS_1_3, new Refused(40))
                    .containsEntry(TLS_1_1, new Refused(40))
                    .containsEntry(TLS_1_0, new Accepted(TLS_1_0))
                    .containsEntry(SSL_3, new Refused(40));
        }
    }

    /// The platform, which does not offer old versions, is the judge of our hello.
    @Test
    void a_real_server_takes_our_hello_for_one() throws InterruptedException {
        var hellos = new Hellos(Egress.properties());
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        for (var host : List.of("example.test", "x".repeat(60) + ".example.test", "127.0.0.1")) {
            site.protocols("TLSv1.3", "TLSv1.2");
            assertThat(hellos.offer(loopback, host, site.port(), false))
                    .isEqualTo(Map.of(TLS_1_3, new Accepted(TLS_1_3), TLS_1_1, new Refused(70)));
            site.protocols("TLSv1.2");
            assertThat(hellos.offer(loopback, host, site.port(), false))
                    .isEqualTo(Map.of(TLS_1_3, new Accepted(TLS_1_2), TLS_1_1, new Refused(70)));
        }
    }

    @Test
    void a_server_that_refuses_the_name_is_not_asked_again() throws InterruptedException {
        try (var other = FakeTls.alone(FakeTls.sending(FakeTls.alert(2, 112)))) {
            assertThat(only(other).answers()).isEqualTo(Map.of(TLS_1_3, new Refused(112)));
        }
    }

    @Test
    void plain_http_on_the_port_is_recognised() throws InterruptedException {
        var answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var plain = FakeTls.alone(FakeTls.sending(answer))) {
            assertThat(only(plain).answers()).isEqualTo(Map.of(TLS_1_3, new NotTls(true)));
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_hostile_answer_to_an_old_hello_is_unclear_in_time(String what, FakeTls.Script script) throws Exception {
        try (var hostile = FakeTls.before(site, script)) {
            var edge = assertTimeoutPreemptively(Duration.ofSeconds(8), () -> only(hostile));

            assertThat(edge).isInstanceOf(TlsEdge.Presented.class);
            assertThat(edge.answers())
                    .containsOnlyKeys(TLS_1_1)
                    .hasEntrySatisfying(TLS_1_1, answer -> assertThat(answer).isInstanceOf(Unclear.class));
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_hostile_answer_to_every_hello_is_trouble_in_time(String what, FakeTls.Script script) throws Exception {
        try (var hostile = FakeTls.alone(script)) {
            assertThat(assertTimeoutPreemptively(Duration.ofSeconds(8), () -> only(hostile)))
                    .isInstanceOf(TlsEdge.Failed.class);
        }
    }

    static Stream<Arguments> hostile() {
        var hello = FakeTls.record(22, 0x0301, FakeTls.message(2, FakeTls.hello(0x0301, 0x002F)));
        return Stream.of(
                Arguments.of("closes", FakeTls.sending()),
                Arguments.of("resets", FakeTls.resettingAfter(new byte[0])),
                Arguments.of("hangs", FakeTls.hanging()),
                Arguments.of("answers and closes", FakeTls.sending(hello)),
                Arguments.of("answers and resets", FakeTls.resettingAfter(hello)),
                Arguments.of("drips", FakeTls.dripping(FakeTls.flight(TLS_1_0))),
                Arguments.of("warns for ever", FakeTls.endless(FakeTls.alert(1, 112))),
                Arguments.of("sends empty records for ever", FakeTls.endless(FakeTls.record(22, 0x0301, new byte[0]))),
                Arguments.of("sends a huge record", FakeTls.endless(new byte[] {22, 3, 1, -1, -1})),
                Arguments.of("lies about the version", FakeTls.sending(FakeTls.flight(TLS_1_2))),
                Arguments.of(
                        "cuts a hello short", FakeTls.sending(FakeTls.record(22, 0x0301, new byte[] {2, 0, 0, 1, 3}))));
    }

    @Test
    void looking_at_many_addresses_takes_no_longer_than_at_one() throws InterruptedException {
        site.connect(LoopbackSite.Connect.HANG);

        var edges =
                assertTimeoutPreemptively(Duration.ofSeconds(5), () -> client.look("many.example.test", site.port()));

        assertThat(edges).hasSize(2);
    }

    @Test
    void an_old_protocol_is_trouble_and_no_verdict_on_the_certificate() throws InterruptedException {
        site.protocols("TLSv1.1");

        assertThat(trouble("example.test").kind()).isEqualTo(Kind.BROKEN);
    }

    private TlsEdge only(FakeTls server) throws InterruptedException {
        return client.look("example.test", server.port()).getFirst();
    }

    private TlsEdge.Presented presented(String host) throws InterruptedException {
        return (TlsEdge.Presented) client.look(host, site.port()).getFirst();
    }

    private Trouble trouble(String host) throws InterruptedException {
        return ((TlsEdge.Failed) client.look(host, site.port()).getFirst()).trouble();
    }
}
