package outrider.embedded.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

final class LoopbackDnsTest {
    private final LoopbackDns dns = LoopbackDns.start(0).zone("example.test", """
            @    A     127.0.0.1
            @    TXT   "v=spf1 -all"
            www  CNAME example.test.
            """);

    @AfterEach
    void stop() {
        dns.close();
    }

    @Test
    void answers_records_and_follows_aliases() throws Exception {
        assertThat(ask("www.example.test.", Type.A).getSection(Section.ANSWER))
                .extracting(Record::rdataToString)
                .containsExactly("example.test.", "127.0.0.1");
        assertThat(dns.questions()).containsExactly("www.example.test. A");
    }

    @Test
    void tells_no_such_name_from_no_such_record() throws Exception {
        var noName = ask("nothing.example.test.", Type.A);
        var noRecord = ask("example.test.", Type.CAA);

        assertThat(noName.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(noRecord.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(noRecord.getSection(Section.ANSWER)).isEmpty();
        assertThat(noRecord.getSection(Section.AUTHORITY))
                .extracting(Record::getType)
                .containsExactly(Type.SOA);
    }

    @Test
    void changes_while_it_runs() throws Exception {
        dns.zone("example.test", "@ CAA 0 issue \"ca.test\"");

        assertThat(ask("example.test.", Type.CAA).getSection(Section.ANSWER)).hasSize(1);
        assertThat(ask("example.test.", Type.TXT).getSection(Section.ANSWER)).isEmpty();
    }

    @Test
    void fails_as_told_until_healed() throws Exception {
        dns.fail("example.test", "TXT", LoopbackDns.Failure.SERVFAIL);
        dns.fail("www.example.test", LoopbackDns.Failure.TIMEOUT);

        assertThat(ask("example.test.", Type.TXT).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(ask("example.test.", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThatThrownBy(() -> ask("www.example.test.", Type.A)).isInstanceOf(IOException.class);
        dns.heal();
        assertThat(ask("example.test.", Type.TXT).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void truncates_over_udp_and_answers_over_tcp() throws Exception {
        dns.fail("example.test", LoopbackDns.Failure.TRUNCATE);
        var resolver = resolver();
        resolver.setIgnoreTruncation(true);

        var cut = resolver.send(query("example.test.", Type.TXT));
        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(ask("example.test.", Type.TXT).getSection(Section.ANSWER)).hasSize(1);
    }

    @Test
    void an_answer_too_large_for_udp_comes_over_tcp() throws Exception {
        dns.zone("example.test", "@ TXT" + " \"%s\"".formatted("x".repeat(250)).repeat(8));

        assertThat(ask("example.test.", Type.TXT).getSection(Section.ANSWER)).hasSize(1);
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void passes_on_what_is_in_no_zone_of_its_own() throws Exception {
        try (var other = LoopbackDns.start(0).zone("elsewhere.test", "@ A 127.0.0.9")) {
            assertThat(ask("elsewhere.test.", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
            dns.forward(other.address());

            assertThat(ask("elsewhere.test.", Type.A).getSection(Section.ANSWER))
                    .hasSize(1);
            assertThat(ask("example.test.", Type.A).getSection(Section.ANSWER)).hasSize(1);
        }
        assertThat(ask("elsewhere.test.", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void a_name_exists_if_one_below_it_does() throws Exception {
        dns.zone("example.test", "a.b A 127.0.0.1");

        assertThat(ask("b.example.test.", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(ask("c.example.test.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void signatures_come_to_those_who_ask_for_them() throws Exception {
        var key = ZoneKey.ecdsa();
        dns.zone("test", key.delegation("example.test."), key).zone("example.test", "@ A 127.0.0.1", key);

        assertThat(types(ask("example.test.", Type.A))).containsExactly(Type.A);
        assertThat(types(secure("example.test.", Type.A))).containsExactly(Type.A, Type.RRSIG);
        assertThat(types(secure("example.test.", Type.DNSKEY))).containsExactly(Type.DNSKEY, Type.RRSIG);
        assertThat(secure("example.test.", Type.DS)
                        .getSection(Section.ANSWER)
                        .getFirst()
                        .getName())
                .hasToString("example.test.");
    }

    @Test
    void plays_a_resolver_that_validates() throws Exception {
        dns.vouchExcept("other.test").zone("other.test", "@ A 127.0.0.1");
        assertThat(secure("example.test.", Type.A).getHeader().getFlag(Flags.AD))
                .isTrue();
        assertThat(secure("other.test.", Type.A).getHeader().getFlag(Flags.AD)).isFalse();

        dns.fail("example.test", LoopbackDns.Failure.BOGUS);
        assertThat(ask("example.test.", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        var unchecked = query("example.test.", Type.A);
        unchecked.getHeader().setFlag(Flags.CD);
        assertThat(resolver().send(unchecked).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    private Message secure(String name, int type) throws IOException {
        var query = query(name, type);
        query.addRecord(new OPTRecord(1232, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
        return resolver().send(query);
    }

    private static List<Integer> types(Message answer) {
        return answer.getSection(Section.ANSWER).stream().map(Record::getType).toList();
    }

    private Message ask(String name, int type) throws IOException {
        return resolver().send(query(name, type));
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private SimpleResolver resolver() throws IOException {
        var resolver = new SimpleResolver("127.0.0.1");
        resolver.setPort(dns.port());
        resolver.setTimeout(Duration.ofMillis(500));
        return resolver;
    }
}
