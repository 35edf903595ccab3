package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.embedded.site.LoopbackDns;

class DnsTest {

    private final LoopbackDns server = LoopbackDns.start(0)
            .zone(".", "")
            .zone("example.test", """
                    @      A     192.0.2.1
                    @      MX    0 .
                    @      CAA   128 issue "ca.example; x=y"
                    @      TXT   "v=spf1 include:" "a.test -all"
                    v6     AAAA  ::ffff:192.0.2.7
                    www    CNAME web
                    web    A     192.0.2.2
                    gone   CNAME nothing
                    empty  CNAME web.other.test.
                    ring   CNAME gnir
                    gnir   CNAME ring
                    """)
            .zone("other.test", "web TXT hello\nlater.web A 192.0.2.3");
    private final Dns dns = new Dns(new DnsProperties(server.address(), Duration.ofMillis(300)));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void reads_each_kind_of_record() throws InterruptedException {
        assertThat(ask("Example.test.", Type.A)).isEqualTo(records(new DnsRecord.Address(ip("192.0.2.1"))));
        assertThat(ask("example.test", Type.MX)).isEqualTo(records(new DnsRecord.Mx(0, "")));
        assertThat(ask("example.test", Type.CAA))
                .isEqualTo(records(new DnsRecord.Caa(128, "issue", "ca.example; x=y")));
        assertThat(ask("v6.example.test", Type.AAAA)).isInstanceOf(DnsAnswer.Records.class);
    }

    @Test
    void joins_the_strings_of_a_text_record() throws InterruptedException {
        assertThat(ask("example.test", Type.TXT)).isEqualTo(records(new DnsRecord.Txt("v=spf1 include:a.test -all")));
    }

    @Test
    void follows_aliases_and_tells_which() throws InterruptedException {
        assertThat(ask("www.example.test", Type.A))
                .isEqualTo(new DnsAnswer.Records(
                        List.of("web.example.test"), List.of(new DnsRecord.Address(ip("192.0.2.2")))));
        assertThat(ask("gone.example.test", Type.A)).isEqualTo(new DnsAnswer.NoName(List.of("nothing.example.test")));
        assertThat(ask("empty.example.test", Type.A)).isEqualTo(new DnsAnswer.NoData(List.of("web.other.test")));
    }

    @Test
    void no_name_and_no_such_records_differ() throws InterruptedException {
        assertThat(ask("nothing.example.test", Type.A)).isEqualTo(new DnsAnswer.NoName(List.of()));
        assertThat(ask("example.test", Type.AAAA)).isEqualTo(new DnsAnswer.NoData(List.of()));
        assertThat(ask("web.other.test", Type.A)).isEqualTo(new DnsAnswer.NoData(List.of()));
    }

    @Test
    void a_ring_of_aliases_is_a_failure() throws InterruptedException {
        assertThat(ask("ring.example.test", Type.A))
                .isEqualTo(new DnsAnswer.Failure("ring.example.test leads through more than 8 aliases"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL", "REFUSED", "TIMEOUT"})
    void a_failing_resolver_is_a_failure_with_its_reason(LoopbackDns.Failure failure) throws InterruptedException {
        server.fail("example.test", failure);

        assertThat(ask("example.test", Type.TXT))
                .isInstanceOfSatisfying(
                        DnsAnswer.Failure.class,
                        answer -> assertThat(answer.reason())
                                .contains(failure == LoopbackDns.Failure.TIMEOUT ? "in time" : failure.name())
                                .endsWith("for example.test TXT"));
        assertThat(server.questions()).hasSize(2);
    }

    @Test
    void a_truncated_answer_is_asked_again_over_tcp() throws InterruptedException {
        server.fail("example.test", LoopbackDns.Failure.TRUNCATE);

        assertThat(ask("example.test", Type.A)).isInstanceOf(DnsAnswer.Records.class);
    }

    @Test
    void an_impossible_name_is_a_failure() throws InterruptedException {
        assertThat(ask("a..b", Type.A)).isInstanceOf(DnsAnswer.Failure.class);
        assertThat(ask("x".repeat(64) + ".test", Type.A)).isInstanceOf(DnsAnswer.Failure.class);
        assertThat(ask("x.".repeat(200), Type.A)).isInstanceOf(DnsAnswer.Failure.class);
        assertThat(server.questions()).isEmpty();
    }

    @Test
    void a_resolver_that_is_not_there_is_a_failure() throws InterruptedException {
        server.close();

        assertThat(ask("example.test", Type.A)).isInstanceOf(DnsAnswer.Failure.class);
    }

    private DnsAnswer ask(String name, Type type) throws InterruptedException {
        return dns.ask(new DnsQuestion(name, type));
    }

    private static DnsAnswer records(DnsRecord... records) {
        return new DnsAnswer.Records(List.of(), List.of(records));
    }

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }
}
