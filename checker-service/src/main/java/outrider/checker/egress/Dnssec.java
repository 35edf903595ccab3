package outrider.checker.egress;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC.Algorithm;
import org.xbill.DNS.DNSSEC.Digest;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import outrider.checker.egress.Dns.Exchanged;
import outrider.checker.egress.ZoneSigning.Cause;

/// Looks how a zone is signed, with two opinions: our own, from the DS records at the parent over the zone's keys to
/// its SOA record, and the resolver's, which covers all that is above.
///
/// Asks three questions; one more where the resolver does not vouch for the zone, one more where it refuses it, and one
/// for each alias on the way to the zone.
@Component
public final class Dnssec {

    private static final int PAYLOAD = 1232;
    private static final int ZONE_KEY = 0x0100;
    private static final int REVOKED = 0x0080;
    private static final int PROTOCOL = 3;
    private static final int MAX_LABELS_UP = 8;
    private static final Set<Integer> DIGESTS = Set.of(Digest.SHA1, Digest.SHA256, Digest.SHA384);

    private final Dns dns;
    private final Clock clock;

    Dnssec(Dns dns, Clock clock) {
        this.dns = dns;
        this.clock = clock;
    }

    /// The zone a name is in, and what the resolver thinks of it.
    ///
    /// @param vouched it validated it
    /// @param refused it gives it only where it is told not to validate
    private record Apex(RRset soa, boolean signatures, boolean vouched, boolean refused) {

        Name name() {
            return soa.getName();
        }

        String text() {
            return DnsMessage.text(name());
        }
    }

    /// A question that was left without an answer, and with it all.
    private static final class NoAnswer extends Exception {

        private static final long serialVersionUID = 1L;

        NoAnswer(String why) {
            super(why);
        }
    }

    /// How the zone of that name is signed. Never an exception for what the DNS does.
    public ZoneSigning look(String name) throws InterruptedException {
        try {
            return look(apex(Name.fromString(name, Name.root)));
        } catch (TextParseException e) {
            return new ZoneSigning.Unknown("'%s' is no name that the DNS could hold".formatted(name));
        } catch (NoAnswer e) {
            return new ZoneSigning.Unknown(String.valueOf(e.getMessage()));
        }
    }

    private ZoneSigning look(Apex apex) throws InterruptedException, NoAnswer {
        var atParent = answer(apex.name(), Type.DS, true);
        var atZone = answer(apex.name(), Type.DNSKEY, true);
        if (!apex.signatures() && !hasSignatures(atParent) && !hasSignatures(atZone) && !hasSignatures(root())) {
            throw new NoAnswer("the resolver does not pass on signatures, so it says nothing of DNSSEC");
        }
        var delegations = records(atParent, apex.name(), Type.DS, DSRecord.class);
        var keys = set(atZone, Section.ANSWER, apex.name(), Type.DNSKEY);
        if (delegations.isEmpty()) {
            return apex.refused()
                    ? refusedAlone(apex)
                    : new ZoneSigning.Unsigned(apex.text(), keys.isEmpty() ? Cause.NO_KEYS : Cause.NO_DS);
        }
        var usable = delegations.stream().filter(Dnssec::isUsable).toList();
        return usable.isEmpty()
                ? new ZoneSigning.Unsigned(apex.text(), Cause.UNSUPPORTED)
                : judge(apex, usable, objection(apex, usable, keys));
    }

    /// Puts the two opinions together.
    private ZoneSigning judge(Apex apex, List<DSRecord> usable, Optional<String> objection)
            throws InterruptedException, NoAnswer {
        if (apex.vouched() && objection.isPresent()) {
            // Our clock is wrong, or keys are being rolled and we have seen some of both.
            throw new NoAnswer(
                    "the resolver validated %s, but by our own look %s".formatted(apex.text(), objection.get()));
        }
        if (apex.refused()) {
            return objection
                    .<ZoneSigning>map(why -> new ZoneSigning.Bogus(apex.text(), why, true))
                    .orElseGet(() -> refusedAlone(apex));
        }
        if (!apex.vouched() && root().getHeader().getFlag(Flags.AD)) {
            return new ZoneSigning.Unsigned(apex.text(), Cause.ISLAND);
        }
        if (objection.isPresent()) {
            return new ZoneSigning.Bogus(apex.text(), objection.get(), false);
        }
        var algorithms = usable.stream()
                .map(delegation -> Algorithm.string(delegation.getAlgorithm()))
                .collect(Collectors.toSet());
        return new ZoneSigning.Signed(apex.text(), algorithms, apex.vouched());
    }

    private static ZoneSigning refusedAlone(Apex apex) {
        return new ZoneSigning.Bogus(
                apex.text(), "the resolver refuses it, though nothing is wrong from the zone's DS records down", false);
    }

    /// What breaks the chain from the DS records over the keys to the SOA record; empty if it holds. One good way is
    /// enough, so that old and new keys may stand side by side while they are rolled (RFC 4035, section 5.3.1).
    private Optional<String> objection(Apex apex, List<DSRecord> delegations, Optional<RRset> published) {
        if (published.isEmpty()) {
            return Optional.of("the parent has DS records, but the zone has no keys");
        }
        var keys = published.get().rrs().stream()
                .map(DNSKEYRecord.class::cast)
                .filter(key -> (key.getFlags() & ZONE_KEY) != 0
                        && (key.getFlags() & REVOKED) == 0
                        && key.getProtocol() == PROTOCOL)
                .toList();
        var anchored = keys.stream()
                .filter(key -> delegations.stream().anyMatch(delegation -> isOf(delegation, key)))
                .toList();
        if (anchored.isEmpty()) {
            return Optional.of("no key of the zone fits the DS records at its parent");
        }
        var signatures = new Signatures(clock.instant());
        return signatures
                .objection(published.get(), anchored)
                .map(why -> "the keys " + why)
                .or(() -> signatures.objection(apex.soa(), keys).map(why -> "the records " + why));
    }

    private static boolean isUsable(DSRecord delegation) {
        return Signatures.SUPPORTED.contains(delegation.getAlgorithm()) && DIGESTS.contains(delegation.getDigestID());
    }

    private static boolean isOf(DSRecord delegation, DNSKEYRecord key) {
        return delegation.getAlgorithm() == key.getAlgorithm()
                && delegation.getFootprint() == key.getFootprint()
                && Arrays.equals(
                        delegation.getDigest(),
                        new DSRecord(key.getName(), DClass.IN, 0, delegation.getDigestID(), key).getDigest());
    }

    /// Finds the zone: upwards from an alias, because that leads into a zone of others.
    private Apex apex(Name asked) throws InterruptedException, NoAnswer {
        var name = asked;
        for (var up = 0; up < MAX_LABELS_UP && name.labels() > 1; up++) {
            var refused = false;
            var exchanged = ask(name, Type.SOA, false);
            if (exchanged instanceof Exchanged.Refused(var reason, var code) && code == Rcode.SERVFAIL) {
                refused = true;
                exchanged = ask(name, Type.SOA, true);
            }
            var message = message(exchanged, name, Type.SOA);
            if (message.getRcode() == Rcode.NXDOMAIN) {
                throw new NoAnswer("%s does not exist (NXDOMAIN)".formatted(DnsMessage.text(name)));
            }
            var soa = soa(message, name);
            if (soa.isPresent()) {
                var vouched = !refused && message.getHeader().getFlag(Flags.AD);
                return new Apex(soa.get(), hasSignatures(message), vouched, refused);
            }
            if (new DnsMessage(message).alias(name).isEmpty()) {
                break;
            }
            name = new Name(name, 1);
        }
        throw new NoAnswer("the resolver does not tell which zone %s is in".formatted(DnsMessage.text(asked)));
    }

    private static Optional<RRset> soa(Message message, Name name) {
        return set(message, Section.ANSWER, name, Type.SOA)
                .or(() -> new DnsMessage(message).alias(name).isPresent()
                        ? Optional.empty()
                        : message.getSectionRRsets(Section.AUTHORITY).stream()
                                .filter(set -> set.getType() == Type.SOA
                                        && name.subdomain(set.getName())
                                        && !set.rrs().isEmpty())
                                .findFirst());
    }

    /// The answer by which the resolver itself is judged: the root is signed for everybody.
    private Message root() throws InterruptedException, NoAnswer {
        return answer(Name.root, Type.SOA, false);
    }

    private Message answer(Name name, int type, boolean unchecked) throws InterruptedException, NoAnswer {
        return message(ask(name, type, unchecked), name, type);
    }

    private static Message message(Exchanged exchanged, Name name, int type) throws NoAnswer {
        return switch (exchanged) {
            case Exchanged.Answered(var message) -> message;
            case Exchanged.Refused(var reason, var code) -> throw noAnswer(reason, name, type);
            case Exchanged.Not(var reason) -> throw noAnswer(reason, name, type);
        };
    }

    private static NoAnswer noAnswer(String reason, Name name, int type) {
        return new NoAnswer("%s for %s %s".formatted(reason, name, Type.string(type)));
    }

    /// @param unchecked whether the resolver is told not to validate (RFC 4035, section 3.2.2)
    private Exchanged ask(Name name, int type, boolean unchecked) throws InterruptedException {
        var query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        query.addRecord(new OPTRecord(PAYLOAD, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
        if (unchecked) {
            query.getHeader().setFlag(Flags.CD);
        }
        return dns.exchange(query);
    }

    private static boolean hasSignatures(Message message) {
        return Stream.of(Section.ANSWER, Section.AUTHORITY)
                .flatMap(section -> message.getSection(section).stream())
                .anyMatch(record -> record.getType() == Type.RRSIG);
    }

    private static Optional<RRset> set(Message message, int section, Name name, int type) {
        return message.getSectionRRsets(section).stream()
                .filter(set -> set.getType() == type
                        && set.getName().equals(name)
                        && !set.rrs().isEmpty())
                .findFirst();
    }

    private static <R extends Record> List<R> records(Message message, Name name, int type, Class<R> kind) {
        return set(message, Section.ANSWER, name, type).stream()
                .flatMap(set -> set.rrs().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
