package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import outrider.checker.egress.Trouble.Kind;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

class VisitTest {

    private static final Identity IDENTITY = CertificateAuthority.selfSigned(Leaf.named("example.test"));

    private final LoopbackDns dns = LoopbackDns.start(0).zone(".", "").zone("example.test", "@ A 127.0.0.1");
    private final LoopbackSite site = LoopbackSite.https(0, IDENTITY).keeps(10);
    private final Visit visit = Egress.fetcher(dns.address()).visit();

    @AfterEach
    void stop() {
        visit.close();
        site.close();
        dns.close();
    }

    @Test
    void resolves_a_host_once_and_shakes_hands_once() throws InterruptedException {
        var before = dns.questions().size();
        for (var path : new String[] {"/", "/a", "/b"}) {
            assertThat(((Fetched.Response) fetch(path)).chain()).isEqualTo(IDENTITY.chain());
        }

        assertThat(site.handshakes()).isEqualTo(1);
        assertThat(dns.questions().size() - before).isEqualTo(2); // A and AAAA
    }

    @Test
    void resolves_a_host_once_also_for_two_who_ask_at_the_same_time() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(List.of(() -> fetch("/"), () -> fetch("/a"), () -> fetch("/b")));
        }

        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void keeps_no_connection_on_which_something_is_left() throws InterruptedException {
        site.answer("/", Behaviour.page("0123456789"));

        assertThat(((Fetched.Response) visit.fetch(url("/"), 4)).truncated()).isTrue();
        assertThat(fetch("/a")).isInstanceOf(Fetched.Response.class);

        assertThat(site.connections()).isEqualTo(2);
    }

    @Test
    void a_kept_connection_that_the_server_has_closed_is_no_trouble() throws InterruptedException {
        site.keeps(2);
        for (var path : new String[] {"/", "/a", "/b", "/c", "/d"}) {
            assertThat(fetch(path)).as(path).isInstanceOf(Fetched.Response.class);
        }

        assertThat(site.requests()).hasSize(5);
        assertThat(site.connections()).isEqualTo(3);
    }

    @Test
    void a_server_that_resets_every_request_but_the_first_is_asked_once_more_and_is_trouble()
            throws InterruptedException {
        site.answer("/reset", new Behaviour.Reset());

        assertThat(fetch("/")).isInstanceOf(Fetched.Response.class);
        assertThat(((Fetched.Failed) fetch("/reset")).trouble().kind()).isEqualTo(Kind.BROKEN);
        assertThat(site.requests()).hasSize(3);
    }

    @Test
    void closes_its_connections_with_itself() throws InterruptedException {
        fetch("/");
        visit.close();

        Awaitility.await().until(() -> site.open() == 0);
        assertThat(fetch("/")).isInstanceOf(Fetched.Failed.class);
    }

    @Test
    void speaks_http_2_where_nothing_else_is_spoken() throws InterruptedException {
        try (var other = Http2Site.start(IDENTITY)) {
            other.answer("/", "0123456789");

            var first = (Fetched.Response) visit.fetch(other.url("example.test", "/"), 1_000);
            for (var more = 0; more < 5; more++) {
                assertThat(visit.fetch(other.url("example.test", "/"), 1_000)).isInstanceOf(Fetched.Response.class);
            }
            var second = (Fetched.Response) visit.fetch(other.url("example.test", "/"), 4);

            assertThat(first.status()).isEqualTo(200);
            assertThat(first.header("X-Path")).contains("/");
            assertThat(first.body()).asString().isEqualTo("0123456789");
            assertThat(first.chain()).isEqualTo(IDENTITY.chain());
            assertThat(second.truncated()).isTrue();
            // The client has a connection back a moment after the last octet: who asks at once may need another.
            assertThat(other.connections()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void the_bounds_hold_for_http_2() throws InterruptedException {
        try (var other = Http2Site.start(IDENTITY)) {
            var endless = (Fetched.Response) visit.fetch(other.url("example.test", "/endless"), Integer.MAX_VALUE);
            assertThat(endless.body()).hasSize(HttpFetcher.MAX_BODY);
            assertThat(endless.truncated()).isTrue();

            assertThat(trouble(other, "/headers")).isEqualTo(Kind.BROKEN);
            assertThat(((Fetched.Response) visit.fetch(other.url("example.test", "/reset"), 1_000_000)).truncated())
                    .isTrue();
            assertThat(trouble(other, "/hang")).isEqualTo(Kind.TIMEOUT);
        }
    }

    @Test
    void http_2_dials_nothing_that_the_guard_refuses() throws InterruptedException {
        try (var other = Http2Site.start(IDENTITY);
                var guarded = Egress.fetcher(dns.address(), "127.0.0.2/32").visit()) {
            assertThat(((Fetched.Failed) guarded.fetch(other.url("example.test", "/"), 0))
                            .trouble()
                            .kind())
                    .isEqualTo(Kind.REFUSED_BY_GUARD);
            assertThat(other.connections()).isZero();
        }
    }

    private Kind trouble(Http2Site other, String path) throws InterruptedException {
        return ((Fetched.Failed) visit.fetch(other.url("example.test", path), 0))
                .trouble()
                .kind();
    }

    private Fetched fetch(String path) throws InterruptedException {
        return visit.fetch(url(path), 1_000);
    }

    private URI url(String path) {
        return URI.create(site.url("example.test") + path);
    }
}
