package outrider.checker.egress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import outrider.checker.egress.Trouble.Kind;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

class HttpFetcherTest {

    private final LoopbackDns dns = LoopbackDns.start(0)
            .zone(".", "")
            .zone("example.test", "@ A 127.0.0.1\nmetadata A 169.254.169.254\ntwo A 127.0.0.1\ntwo A 127.0.0.9");
    private final LoopbackSite site = LoopbackSite.http(0);
    private final HttpFetcher fetcher = Egress.fetcher(dns.address());

    @AfterEach
    void stop() throws Exception {
        site.close();
        dns.close();
    }

    @Test
    void reads_status_headers_and_as_much_body_as_asked_for() throws InterruptedException {
        site.answer(Behaviour.page("0123456789").with("X-Test", "a b"));

        var response = fetched(Fetched.Response.class, "/", 4);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-test")).contains("a b");
        assertThat(response.body()).asString().isEqualTo("0123");
        assertThat(response.chain()).isEmpty();
    }

    @Test
    void says_who_it_is_and_asks_for_nothing_it_does_not_need() throws InterruptedException {
        fetched(Fetched.Response.class, "/", 0);

        assertThat(site.requests())
                .singleElement()
                .asString()
                .contains("Host: example.test:" + site.port(), "User-Agent: Outrider/")
                .doesNotContainIgnoringCase("Upgrade", "Cookie", "Origin");
    }

    @Test
    void sends_along_what_it_is_told_to() throws InterruptedException {
        fetcher.fetch(URI.create(site.url("example.test") + "/"), 0, new Fetched.Header("Origin", "null"));

        assertThat(site.requests()).singleElement().asString().contains("Origin: null");
    }

    @Test
    void keeps_the_certificate_whatever_it_is_worth() throws InterruptedException {
        var identity = CertificateAuthority.selfSigned(Leaf.named("other.test").expiredSince(Duration.ofDays(9)));
        try (var tls = LoopbackSite.https(0, identity)) {
            var response = (Fetched.Response) fetcher.fetch(URI.create(tls.url("example.test") + "/"), 0);

            assertThat(response.chain()).isEqualTo(identity.chain());
        }
    }

    @Test
    void a_server_that_prefers_http_2_is_asked_in_1_1_and_what_is_no_http_is_trouble() throws InterruptedException {
        try (var tls = LoopbackSite.https(0, CertificateAuthority.selfSigned(Leaf.named("example.test")))) {
            var url = URI.create(tls.url("example.test") + "/");

            tls.speaks("h2", "http/1.1");
            assertThat(fetcher.fetch(url, 0)).isInstanceOf(Fetched.Response.class);
            // What a server of HTTP/2 sends first: a SETTINGS frame (RFC 9113, section 3.4).
            tls.speaks().answer(new Behaviour.Raw("\0\0\0\4\0\0\0\0\0"));
            assertThat(fetcher.fetch(url, 0)).isInstanceOf(Fetched.Failed.class);
        }
    }

    @Test
    void follows_no_redirect() throws InterruptedException {
        site.answer(Behaviour.redirect("http://metadata.example.test/"));

        assertThat(fetched(Fetched.Response.class, "/", 0).header("location"))
                .contains("http://metadata.example.test/");
    }

    @Test
    void dials_nothing_that_the_guard_refuses() throws InterruptedException {
        for (var host : new String[] {"metadata.example.test", "[::ffff:169.254.169.254]", "169.254.169.254"}) {
            var failed = (Fetched.Failed) fetcher.fetch(URI.create("http://" + host + "/latest/meta-data"), 0);

            assertThat(failed.trouble().kind()).isEqualTo(Kind.REFUSED_BY_GUARD);
            assertThat(failed.trouble().reason()).startsWith("refused by the egress guard: 169.254.169.254 is ");
        }
        var decimal = (Fetched.Failed) fetcher.fetch(URI.create("http://2852039166/"), 0);
        assertThat(decimal.trouble().kind()).isEqualTo(Kind.REFUSED_BY_GUARD);
    }

    @Test
    void tries_the_next_address_when_one_is_closed() throws InterruptedException {
        var answer = fetcher.fetch(URI.create(site.url("two.example.test") + "/"), 0);

        assertThat(answer).isInstanceOf(Fetched.Response.class);
    }

    @Test
    void goes_over_ipv6_by_its_literal_and_where_ipv4_is_closed() throws Exception {
        var both = Egress.fetcher(dns.address(), "127.0.0.0/8", "::1/128");
        try (var server = new ServerSocket(0, 10, InetAddress.ofLiteral("::1"))) {
            dns.zone("example.test", "both A 127.0.0.9\nboth AAAA ::1");
            Thread.ofVirtual().start(() -> answerEachWithItsHost(server));

            for (var host : new String[] {"[::1]", "both.example.test"}) {
                var authority = host + ":" + server.getLocalPort();
                assertThat(both.fetch(URI.create("http://" + authority + "/"), 0))
                        .isInstanceOfSatisfying(
                                Fetched.Response.class,
                                response ->
                                        assertThat(response.header("X-Host")).contains(authority));
            }
        }
    }

    @Test
    void a_closed_port_a_reset_and_a_hang_are_told_apart() throws InterruptedException {
        site.answer("/hang", new Behaviour.Hang()).answer("/reset", new Behaviour.Reset());

        assertThat(trouble("/hang").kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(trouble("/reset").kind()).isEqualTo(Kind.BROKEN);
        site.close();
        assertThat(trouble("/").kind()).isEqualTo(Kind.CLOSED);
    }

    @Test
    void a_server_that_drips_meets_the_deadline() throws InterruptedException {
        site.answer(new Behaviour.Drip(Behaviour.page("x"), Duration.ofMillis(200)));

        assertThat(trouble("/").kind()).isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void an_endless_body_is_cut_at_once() throws InterruptedException {
        site.answer(new Behaviour.Endless(Map.of("X-Test", "1")));

        assertThat(fetched(Fetched.Response.class, "/", Integer.MAX_VALUE).body())
                .hasSize(HttpFetcher.MAX_BODY);
        assertThat(fetched(Fetched.Response.class, "/", 0).header("x-test")).contains("1");
    }

    @Test
    void too_much_of_a_head_and_what_is_no_http_are_trouble() throws InterruptedException {
        var manyHeaders = "HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(101) + "\r\n";
        site.answer("/many", new Behaviour.Raw(manyHeaders))
                .answer("/long", new Behaviour.Raw("HTTP/1.1 200 OK\r\na: " + "b".repeat(20_000) + "\r\n\r\n"))
                .answer("/ssh", new Behaviour.Raw("SSH-2.0-OpenSSH_9.9\r\n"))
                .answer("/none", new Behaviour.Raw(""));

        for (var path : new String[] {"/many", "/long", "/ssh", "/none"}) {
            assertThat(trouble(path).kind()).as(path).isEqualTo(Kind.BROKEN);
        }
    }

    @Test
    void an_interrupt_ends_it_at_once() throws Exception {
        site.answer(new Behaviour.Hang());
        var ended = new CompletableFuture<Exception>();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                fetcher.fetch(URI.create(site.url("example.test") + "/"), 0);
            } catch (InterruptedException e) {
                ended.complete(e);
            }
        });
        Awaitility.await().until(() -> !site.requests().isEmpty());

        thread.interrupt();

        assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    private static void answerEachWithItsHost(ServerSocket server) {
        while (!server.isClosed()) {
            try (var socket = server.accept();
                    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
                var host = "";
                for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    host = line.startsWith("Host: ") ? line.substring(6) : host;
                }
                socket.getOutputStream()
                        .write("HTTP/1.1 204 None\r\nX-Host: %s\r\n\r\n"
                                .formatted(host)
                                .getBytes(US_ASCII));
            } catch (IOException e) {
                // It was closed, or the client was.
            }
        }
    }

    private Trouble trouble(String path) throws InterruptedException {
        return fetched(Fetched.Failed.class, path, 0).trouble();
    }

    private <T extends Fetched> T fetched(Class<T> kind, String path, int bodyLimit) throws InterruptedException {
        var fetched = fetcher.fetch(URI.create(site.url("example.test") + path), bodyLimit);
        assertThat(fetched).isInstanceOf(kind);
        return kind.cast(fetched);
    }
}
