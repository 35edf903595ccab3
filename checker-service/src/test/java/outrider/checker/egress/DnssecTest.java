package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import outrider.checker.egress.ZoneSigning.Cause;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackDns.Failure;
import outrider.embedded.site.ZoneKey;

/// Our look at signatures, at a resolver on loopback that serves zones it signed itself.
class DnssecTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String ZONE = "www A 192.0.2.1\nalias CNAME www.other.test.";
    private static final Set<String> ECDSA = Set.of("ECDSAP256SHA256");

    private final ZoneKey root = ZoneKey.ecdsa().valid(NOW.minus(DAY), NOW.plus(DAY));
    private final ZoneKey key = ZoneKey.ecdsa().valid(NOW.minus(DAY.multipliedBy(20)), NOW.plus(DAY.multipliedBy(10)));
    private final LoopbackDns server = LoopbackDns.start(0);
    private final Dnssec dnssec = new Dnssec(Egress.dns(server.address()), Clock.fixed(NOW, ZoneOffset.UTC));

    @BeforeEach
    void signed() {
        parent(key.delegation("shop.test."));
        server.zone("shop.test", ZONE, key);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_signed_zone_holds_and_a_resolver_that_validates_confirms_it() throws InterruptedException {
        assertThat(look("shop.test")).isEqualTo(new ZoneSigning.Signed("shop.test", ECDSA, false));
        assertThat(server.questions()).containsExactly("shop.test. SOA", "shop.test. DS", "shop.test. DNSKEY", ". SOA");

        server.vouchExcept();
        assertThat(look("shop.test")).isEqualTo(new ZoneSigning.Signed("shop.test", ECDSA, true));
        assertThat(server.questions()).hasSize(4 + 3);
    }

    @Test
    void a_host_is_judged_by_its_zone_even_behind_an_alias() throws InterruptedException {
        server.zone("other.test", "www A 192.0.2.1");

        assertThat(look("www.shop.test")).isEqualTo(new ZoneSigning.Signed("shop.test", ECDSA, false));
        assertThat(look("alias.shop.test")).isEqualTo(new ZoneSigning.Signed("shop.test", ECDSA, false));
    }

    @Test
    void a_zone_without_keys_is_not_signed() throws InterruptedException {
        parent("");
        server.zone("shop.test", ZONE);

        assertThat(look("shop.test")).isEqualTo(new ZoneSigning.Unsigned("shop.test", Cause.NO_KEYS));
    }

    @Test
    void keys_that_the_parent_does_not_know_do_not_count() throws InterruptedException {
        parent("");

        assertThat(look("shop.test")).isEqualTo(new ZoneSigning.Unsigned("shop.test", Cause.NO_DS));
    }

    @Test
    void an_algorithm_that_nobody_supports_is_unsigned_and_not_bogus() throws InterruptedException {
        parent("shop.test. DS 12345 253 2 " + "AB".repeat(32) + "\nshop.test. DS 12345 13 3 " + "AB".repeat(32));

        assertThat(look("shop.test")).isEqualTo(new ZoneSigning.Unsigned("shop.test", Cause.UNSUPPORTED));
    }

    @Test
    void a_zone_that_a_validating_resolver_does_not_vouch_for_is_an_island() throws InterruptedException {
        server.vouchExcept("shop.test");

        assertThat(look("shop.test")).isEqualTo(new ZoneSigning.Unsigned("shop.test", Cause.ISLAND));
    }

    @Test
    void sha1_still_holds_and_is_named() throws InterruptedException {
        var old = ZoneKey.sha1().valid(NOW.minus(DAY), NOW.plus(DAY));
        parent(old.delegation("shop.test."));
        server.zone("shop.test", ZONE, old);

        assertThat(look("shop.test")).isEqualTo(new ZoneSigning.Signed("shop.test", Set.of("RSASHA1"), false));
    }

    @Test
    void a_key_that_the_parent_does_not_know_is_bogus_and_sure_if_the_resolver_refuses() throws InterruptedException {
        parent(ZoneKey.ecdsa().delegation("shop.test."));
        assertThat(look("shop.test")).isEqualTo(bogus("no key of the zone fits the DS records at its parent", false));

        server.fail("shop.test", Failure.BOGUS);
        assertThat(look("shop.test")).isEqualTo(bogus("no key of the zone fits the DS records at its parent", true));
    }

    @Test
    void a_zone_that_lost_its_keys_is_bogus() throws InterruptedException {
        server.zone("shop.test", ZONE);

        assertThat(look("shop.test")).isEqualTo(bogus("the parent has DS records, but the zone has no keys", false));
    }

    @Test
    void a_signature_that_has_expired_is_bogus() throws InterruptedException {
        var expired = key.valid(NOW.minus(DAY.multipliedBy(40)), NOW.minus(DAY.multipliedBy(10)));
        server.zone("shop.test", ZONE, expired).fail("shop.test", Failure.BOGUS);

        assertThat(look("shop.test"))
                .isEqualTo(bogus("the keys have a signature that expired on 2026-06-05T12:00:00Z", true));
    }

    @Test
    void clocks_may_differ_by_a_tenth_of_the_lifetime() throws InterruptedException {
        server.zone("shop.test", ZONE, key.valid(NOW.minus(DAY.multipliedBy(30)), NOW.minusSeconds(3_000)));
        assertThat(look("shop.test")).isInstanceOf(ZoneSigning.Signed.class);

        server.zone("shop.test", ZONE, key.valid(NOW.plusSeconds(3_000), NOW.plus(DAY)));
        assertThat(look("shop.test")).isInstanceOf(ZoneSigning.Signed.class);

        server.zone("shop.test", ZONE, key.valid(NOW.plus(DAY.multipliedBy(2)), NOW.plus(DAY.multipliedBy(9))));
        assertThat(look("shop.test"))
                .isEqualTo(bogus("the keys have a signature that holds only from 2026-06-17T12:00:00Z", false));
    }

    @Test
    void what_the_resolver_has_validated_is_not_called_bogus_by_our_clock_alone() throws InterruptedException {
        server.vouchExcept()
                .zone("shop.test", ZONE, key.valid(NOW.minus(DAY.multipliedBy(9)), NOW.minus(DAY.multipliedBy(2))));

        assertThat(look("shop.test"))
                .isInstanceOfSatisfying(
                        ZoneSigning.Unknown.class,
                        unknown -> assertThat(unknown.why()).startsWith("the resolver validated shop.test"));
    }

    @Test
    void while_keys_are_rolled_old_and_new_may_stand_side_by_side() throws InterruptedException {
        var next = ZoneKey.ecdsa();
        parent(key.delegation("shop.test.") + "\n" + next.delegation("shop.test."));
        assertThat(look("shop.test")).isInstanceOf(ZoneSigning.Signed.class);

        server.zone("shop.test", ZONE + "\n" + next.published("shop.test."), key);
        assertThat(look("shop.test")).isInstanceOf(ZoneSigning.Signed.class);

        parent(next.delegation("shop.test."));
        assertThat(look("shop.test")).isEqualTo(bogus("the keys have no signature by a key of the zone", false));
    }

    @Test
    void what_the_resolver_alone_refuses_is_not_sure() throws InterruptedException {
        server.fail("shop.test", Failure.BOGUS);

        assertThat(look("shop.test"))
                .isInstanceOfSatisfying(
                        ZoneSigning.Bogus.class,
                        bogus -> assertThat(bogus.confirmed()).isFalse());
    }

    @Test
    void a_resolver_that_strips_signatures_says_nothing() throws InterruptedException {
        server.zone(".", "").zone("shop.test", ZONE);

        assertThat(look("shop.test"))
                .isEqualTo(new ZoneSigning.Unknown(
                        "the resolver does not pass on signatures, so it says nothing of DNSSEC"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL", "REFUSED", "TIMEOUT"})
    void a_resolver_that_fails_is_no_bogus_zone(Failure failure) throws InterruptedException {
        server.fail("shop.test", failure);
        assertThat(look("shop.test")).isInstanceOf(ZoneSigning.Unknown.class);

        server.heal().fail("shop.test", "DNSKEY", failure);
        assertThat(look("shop.test")).isInstanceOf(ZoneSigning.Unknown.class);
    }

    @Test
    void a_name_that_does_not_exist_or_could_not_is_unknown() throws InterruptedException {
        assertThat(look("nowhere.shop.test"))
                .isEqualTo(new ZoneSigning.Unknown("nowhere.shop.test does not exist (NXDOMAIN)"));
        assertThat(look("a..b")).isInstanceOf(ZoneSigning.Unknown.class);
    }

    private ZoneSigning look(String name) throws InterruptedException {
        return dnssec.look(name);
    }

    private void parent(String records) {
        server.zone(".", records, root);
    }

    private static ZoneSigning bogus(String why, boolean confirmed) {
        return new ZoneSigning.Bogus("shop.test", why, confirmed);
    }
}
