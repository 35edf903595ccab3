package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Effort;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;

class PageTest {

    private static final String HTML = "text/html";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<script src=a.js></script> | SCRIPT https://a.example/a.js",
                "<script type=module src=a.js></script> | SCRIPT https://a.example/a.js",
                "<svg><script xlink:href=a.js></script></svg> | SCRIPT https://a.example/a.js",
                "<link rel='preconnect StyleSheet' href=a.css> | STYLE https://a.example/a.css",
                "<iframe src=f></iframe> | FRAME https://a.example/f",
                "<object data=o></object> | FRAME https://a.example/o",
                "<embed src=e> | FRAME https://a.example/e",
                "<img src=//b.example/i> | MEDIA https://b.example/i",
                "<img srcset='i 1x, http://b.example/j 2x'> | MEDIA https://a.example/i, MEDIA http://b.example/j",
                "<picture><source srcset='http://b.example/i,j'></picture> | MEDIA http://b.example/i,j",
                "<img srcset='i,  j ,k 2x,l'> | MEDIA https://a.example/i, MEDIA https://a.example/j, MEDIA https://a.example/k, MEDIA https://a.example/l",
                "<video src=v poster=p></video> | MEDIA https://a.example/v, MEDIA https://a.example/p",
                "<link rel='shortcut icon' href=i> | MEDIA https://a.example/i",
                "<form action=http://b.example/f></form> | FORM http://b.example/f",
                "<button formaction=f></button> | FORM https://a.example/f",
                "<input type=IMAGE src=i> | MEDIA https://a.example/i",
                "<template shadowrootmode=open><img src=i></template> | MEDIA https://a.example/i"
            })
    void lists_what_browsers_load(String html, String resources) {
        assertThat(shown(page(html))).isEqualTo(resources);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!-- <script src=http://b.example/a.js></script> -->",
                "<noscript><img src=http://b.example/i></noscript>",
                "<template><img src=http://b.example/i></template>",
                "<textarea><img src=http://b.example/i></textarea>",
                "<script>'<img src=http://b.example/i>'</script>",
                "<script type=text/template src=http://b.example/t></script>",
                "<link rel=canonical href=http://b.example/>",
                "<link rel=stylesheet disabled href=http://b.example/a.css>",
                "<a href=http://b.example/>",
                "<img data-src=http://b.example/i>",
                "<img src=data:image/gif;base64,R0lGODdh>",
                "<img src=''>",
                "<script src=blob:https://a.example/1></script>"
            })
    void leaves_out_what_they_do_not_load(String html) {
        assertThat(page(html).resources()).isEmpty();
    }

    @Test
    void the_first_base_holds_for_what_follows_it() {
        assertThat(shown(page("<script src=a.js></script><base target=_top><base href=http://b.example/x/>"
                        + "<base href=http://c.example/><script src=a.js></script>")))
                .isEqualTo("SCRIPT https://a.example/a.js, SCRIPT http://b.example/x/a.js");
        assertThat(shown(page("<base href=data:,><img src=i>"))).isEqualTo("MEDIA https://a.example/i");
    }

    @Test
    void a_policy_counts_in_the_head_only() {
        var meta = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">";
        assertThat(page("<head>" + meta + "</head>").policies()).containsExactly("default-src 'none'");
        assertThat(page("<body><p>" + meta).policies()).isEmpty();
    }

    @Test
    void the_last_referrer_policy_of_the_page_is_kept() {
        assertThat(page("<meta name=referrer content=origin><meta name=Referrer content=no-referrer>")
                        .referrerPolicy())
                .contains("no-referrer");
    }

    @ParameterizedTest
    @CsvSource({"text/html; charset=utf-16le, UTF-16LE", "text/html;charset=\"UTF-16BE\", UTF-16BE"})
    void the_header_names_the_character_set(String contentType, String charset) {
        var body = "<img src=http://b.example/i>".getBytes(Charset.forName(charset));
        assertThat(shown(Page.of(response(200, contentType, body)).orElseThrow()))
                .isEqualTo("MEDIA http://b.example/i");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=no-such", "text/html; charset=;;", "text/html; charset= ", HTML})
    void an_unknown_character_set_is_guessed(String contentType) {
        assertThat(Page.of(response(200, contentType, "<img src=/i>".getBytes(StandardCharsets.UTF_8)))
                        .orElseThrow()
                        .resources())
                .hasSize(1);
    }

    @Test
    void a_byte_order_mark_counts_more_than_the_header() {
        var body = "\uFEFF<img src=/i>".getBytes(StandardCharsets.UTF_16LE);
        assertThat(Page.of(response(200, "text/html; charset=utf-8", body))
                        .orElseThrow()
                        .resources())
                .hasSize(1);
    }

    @Test
    void errors_and_other_types_are_no_pages() {
        var body = "<html>".getBytes(StandardCharsets.UTF_8);
        assertThat(Page.of(response(404, HTML, body))).isEmpty();
        assertThat(Page.of(response(301, HTML, body))).isEmpty();
        assertThat(Page.of(response(200, "application/json", body))).isEmpty();
        assertThat(Page.of(response(200, "TEXT/HTML;x", body))).isPresent();
        assertThat(Page.of(response(200, "application/xhtml+xml", body))).isPresent();
    }

    @Test
    void without_a_type_the_content_tells_unless_guessing_is_forbidden() {
        assertThat(Page.of(untyped(" \n<!DOCTYPE html><p>"))).isPresent();
        assertThat(Page.of(untyped("<p>"))).isPresent();
        assertThat(Page.of(untyped("<paragraph>"))).isEmpty();
        assertThat(Page.of(untyped("hello"))).isEmpty();
        assertThat(Page.of(untyped("<p>", new Fetched.Header("X-Content-Type-Options", "nosniff"))))
                .isEmpty();
    }

    @Test
    void a_page_beyond_the_limit_is_not_whole_and_its_head_only_if_the_body_began() {
        var filling = " ".repeat(HttpFetcher.MAX_BODY);
        assertThat(page("<p>short")).extracting(Page::whole, Page::headWhole).containsExactly(true, true);
        assertThat(page("<body><p>" + filling))
                .extracting(Page::whole, Page::headWhole)
                .containsExactly(false, true);
        assertThat(page("<style>" + filling))
                .extracting(Page::whole, Page::headWhole)
                .containsExactly(false, false);
    }

    @Test
    void a_page_that_loads_too_much_to_list_is_not_whole() {
        var many = new StringBuilder();
        for (var i = 0; i < 3_000; i++) {
            many.append("<img src=/").append(i).append('>');
        }
        var page = page(many.toString());
        assertThat(page.resources()).hasSize(2_000);
        assertThat(page.whole()).isFalse();
    }

    /// Each fills the limit.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<a>",
                "<b><p>",
                "<table><tr><td>",
                "<table><b>",
                "<svg><script>",
                "<template>",
                "<form><select><option>",
                "<font color=a><i>",
                "<!--",
                "<img srcset=',, , '>",
                "&amp;&#x41",
                "<x y=",
                "<",
                "</p>",
                "<a href=x ",
                "<base href=x>",
                "<button><nobr>",
                "<math><mi><annotation-xml encoding=text/html><p>",
                "<title>"
            })
    void a_hostile_page_takes_little_time(String piece) {
        var body = piece.repeat(HttpFetcher.MAX_BODY / piece.length()).getBytes(StandardCharsets.UTF_8);
        Effort.assertAtMost(Duration.ofSeconds(10), () -> Page.of(response(200, HTML, body)));
    }

    @Property(tries = 500)
    void any_bytes_are_a_page(@ForAll byte[] body) {
        assertThat(Page.of(response(200, HTML, body))).isPresent();
    }

    @Property(tries = 500)
    void any_tag_soup_is_a_page(@ForAll("soup") String html) {
        assertThat(page(html).resources()).hasSizeLessThan(200);
    }

    @Property(tries = 500)
    void any_content_type_is_read(@ForAll String contentType) {
        Page.of(response(200, contentType, new byte[0]));
        Page.of(response(200, "text/html; charset=" + contentType, new byte[0]));
    }

    @Provide
    Arbitrary<String> soup() {
        return Arbitraries.of(
                        "<",
                        ">",
                        "</",
                        "script",
                        "svg",
                        "table",
                        "template",
                        "base href=",
                        "img srcset=",
                        "meta http-equiv=",
                        "content-security-policy",
                        " content=",
                        "'",
                        "\"",
                        "http://",
                        "//",
                        ",",
                        " ",
                        "<!--",
                        "-->",
                        "<![CDATA[",
                        "noscript",
                        "frameset",
                        "select",
                        "form action=",
                        "\u0000",
                        "é",
                        "&#x0;",
                        "&notit;",
                        "html",
                        "head",
                        "body")
                .list()
                .ofMaxSize(40)
                .map(pieces -> String.join("", pieces));
    }

    private static Page page(String html) {
        return Page.of(response(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();
    }

    private static String shown(Page page) {
        return String.join(
                ", ",
                page.resources().stream()
                        .map(of -> of.kind() + " " + of.address())
                        .toList());
    }

    private static Fetched.Response untyped(String body, Fetched.Header... headers) {
        return new Fetched.Response(
                URI.create("https://a.example/"),
                200,
                List.of(headers),
                List.of(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static Fetched.Response response(int status, String contentType, byte[] body) {
        return new Fetched.Response(
                URI.create("https://a.example/"),
                status,
                List.of(new Fetched.Header("Content-Type", contentType)),
                List.of(),
                body);
    }
}
