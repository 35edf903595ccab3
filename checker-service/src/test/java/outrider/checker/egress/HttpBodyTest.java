package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.egress.Trouble.Kind;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

class HttpBodyTest {

    private static final String TEXT = "The quick brown fox. ".repeat(100);

    private final LoopbackDns dns = LoopbackDns.start(0).zone("example.test", "@ A 127.0.0.1");
    private final LoopbackSite site = LoopbackSite.http(0);
    private final HttpFetcher fetcher = Egress.fetcher(dns.address());

    @AfterEach
    @AfterProperty
    void stop() throws Exception {
        site.close();
        dns.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity, gzip", "deflate", "raw", "identity", ""})
    void a_compressed_body_is_read_as_it_was_before(String encoding) throws InterruptedException {
        answer(encoding.replace("raw", "deflate"), compressed(encoding, TEXT.getBytes(StandardCharsets.UTF_8)));

        var response = response();

        assertThat(response.body()).asString().isEqualTo(TEXT);
        assertThat(response.truncated()).isFalse();
        assertThat(site.requests()).singleElement().asString().contains("Accept-Encoding: gzip, deflate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "raw"})
    void a_bomb_is_cut_before_it_goes_off(String encoding) {
        answer(encoding.replace("raw", "deflate"), compressed(encoding, new byte[256 << 20]));

        var response = assertTimeoutPreemptively(Duration.ofSeconds(3), () -> response());

        assertThat(response.body()).hasSize(HttpFetcher.MAX_BODY);
        assertThat(response.truncated()).isTrue();
    }

    @Test
    void compressed_data_that_never_yields_a_byte_is_given_up() throws InterruptedException {
        // Empty blocks of stored data, none of them the last (RFC 1951, section 3.2.4).
        answer("deflate", "\0\0\0\u00ff\u00ff".repeat(1 << 19).getBytes(StandardCharsets.ISO_8859_1));

        assertThat(response().truncated()).isTrue();
        assertThat(response().body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "\u0001"})
    void an_encoding_that_was_not_asked_for_leaves_the_head(String encoding) throws InterruptedException {
        answer(encoding, TEXT.getBytes(StandardCharsets.UTF_8));

        assertThat(response().header("X-Test")).contains("1");
        assertThat(response().truncated()).isTrue();
        assertThat(response().body()).isEmpty();
    }

    @Test
    void an_empty_body_is_whole_whatever_its_encoding() throws InterruptedException {
        answer("gzip", new byte[0]);

        assertThat(response().truncated()).isFalse();
    }

    @Test
    void a_body_that_breaks_off_leaves_what_came() throws InterruptedException {
        var gzip = compressed("gzip", TEXT.getBytes(StandardCharsets.UTF_8));
        answer("gzip", Arrays.copyOf(gzip, gzip.length - 12));
        assertThat(response().truncated()).isTrue();

        raw("Content-Length: 10\r\n\r\n12345");
        assertThat(response().body()).asString().isEqualTo("12345");
        assertThat(response().truncated()).isTrue();

        raw("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nlies\r\n");
        assertThat(response().body()).asString().isEqualTo("abc");
        assertThat(response().truncated()).isTrue();
    }

    @Test
    void a_body_that_drips_is_cut_by_the_deadline_and_leaves_what_came() throws InterruptedException {
        site.answer(new Behaviour.Drip(
                new Behaviour.Answer(200, Map.of("X-Test", "1"), "x".repeat(100_000)), Duration.ofMillis(5)));

        var response = response();

        assertThat(response.header("X-Test")).contains("1");
        assertThat(response.truncated()).isTrue();
        assertThat(response.body().length).isBetween(1, 10_000);
    }

    @Test
    void a_body_as_long_as_what_was_asked_for_is_whole() throws InterruptedException {
        site.answer(Behaviour.page("12345"));

        assertThat(response(5).truncated()).isFalse();
        assertThat(response(4).truncated()).isTrue();
        site.answer(new Behaviour.Endless(Map.of()));
        assertThat(response().truncated()).isTrue();
    }

    @Test
    void answers_on_the_way_to_the_answer_end_with_the_deadline() throws InterruptedException {
        site.answer(new Behaviour.Raw("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50) + "HTTP/1.1 204 None\r\n\r\n"));
        assertThat(response().status()).isEqualTo(204);

        site.answer(new Behaviour.Raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000)));
        assertThat(((Fetched.Failed) fetch(0)).trouble().kind()).isIn(Kind.BROKEN, Kind.TIMEOUT);
    }

    @Property(tries = 100)
    void any_body_in_any_encoding_is_read_or_cut(@ForAll byte[] body, @ForAll boolean gzip)
            throws InterruptedException {
        answer(gzip ? "gzip" : "deflate", body);

        assertThat(response().status()).isEqualTo(200);
    }

    private void answer(String encoding, byte[] body) {
        raw("X-Test: 1\r\nContent-Encoding: " + encoding + "\r\nContent-Length: " + body.length + "\r\n\r\n"
                + new String(body, StandardCharsets.ISO_8859_1));
    }

    private void raw(String rest) {
        site.answer(new Behaviour.Raw("HTTP/1.1 200 OK\r\n" + rest));
    }

    private Fetched.Response response() throws InterruptedException {
        return response(HttpFetcher.MAX_BODY);
    }

    private Fetched.Response response(int bodyLimit) throws InterruptedException {
        return (Fetched.Response) fetch(bodyLimit);
    }

    private Fetched fetch(int bodyLimit) throws InterruptedException {
        return fetcher.fetch(URI.create(site.url("example.test") + "/"), bodyLimit);
    }

    private static byte[] compressed(String encoding, byte[] body) {
        var bytes = new ByteArrayOutputStream();
        try (var out = compressing(encoding, bytes)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static OutputStream compressing(String encoding, OutputStream out) throws IOException {
        return switch (encoding) {
            case "", "identity" -> out;
            case "deflate" -> new DeflaterOutputStream(out);
            case "raw" -> new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true));
            default -> new GZIPOutputStream(out);
        };
    }
}
