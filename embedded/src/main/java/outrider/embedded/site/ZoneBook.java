package outrider.embedded.site;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.SetResponse;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.Zone;

/// The zones and failures a [LoopbackDns] answers from.
final class ZoneBook {
    private static final long TTL = 300;
    private static final int MAX_ALIASES = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<Name, Zone> zones = new ConcurrentHashMap<>();
    private final Map<Question, LoopbackDns.Failure> failures = new ConcurrentHashMap<>();
    private volatile @Nullable List<Name> unvouched;
    private volatile @Nullable Resolver elsewhere;

    /// A question, and how it was asked.
    ///
    /// @param signatures whether the answer is to have its signatures
    /// @param unchecked whether validation is forbidden
    record Asked(Record question, boolean overTcp, boolean signatures, boolean unchecked) {

        Name name() {
            return question.getName();
        }

        int type() {
            return question.getType();
        }
    }

    void set(String origin, String text, @Nullable ZoneKey key) {
        var apex = name(origin);
        try (var master = new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), apex, TTL)) {
            var records = new ArrayList<Record>();
            for (var record = master.nextRecord(); record != null; record = master.nextRecord()) {
                records.add(record);
            }
            complete(apex, records);
            if (key != null) {
                key.sign(apex, records);
            }
            zones.put(apex, new Zone(apex, records.toArray(Record[]::new)));
        } catch (IOException e) {
            throw new IllegalArgumentException("zone %s: %s".formatted(origin, e.getMessage()), e);
        }
    }

    void fail(String name, @Nullable String type, LoopbackDns.Failure failure) {
        failures.put(new Question(name(name), type == null ? Type.ANY : Type.value(type)), failure);
    }

    void vouchExcept(List<String> origins) {
        unvouched = origins.stream().map(ZoneBook::name).toList();
    }

    void forward(String resolver) {
        var colon = resolver.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("a resolver is host:port, not '%s'".formatted(resolver));
        }
        var port = Integer.parseInt(resolver.substring(colon + 1));
        var other = new SimpleResolver(new InetSocketAddress(resolver.substring(0, colon), port));
        other.setTimeout(PATIENCE);
        elsewhere = other;
    }

    void heal() {
        failures.clear();
    }

    /// Completes the answer to a question; false means that there is to be none.
    boolean fill(Message answer, Asked asked) {
        var failure = failures.get(new Question(asked.name(), asked.type()));
        if (failure == null) {
            failure = failures.get(new Question(asked.name(), Type.ANY));
        }
        switch (failure) {
            case null -> answer(answer, asked);
            case SERVFAIL -> answer.getHeader().setRcode(Rcode.SERVFAIL);
            case BOGUS -> {
                if (asked.unchecked()) {
                    answer(answer, asked);
                } else {
                    answer.getHeader().setRcode(Rcode.SERVFAIL);
                }
            }
            case REFUSED -> answer.getHeader().setRcode(Rcode.REFUSED);
            case TIMEOUT -> {
                return false;
            }
            case TRUNCATE -> {
                if (asked.overTcp()) {
                    answer(answer, asked);
                } else {
                    answer.getHeader().setFlag(Flags.TC);
                }
            }
        }
        return true;
    }

    private void answer(Message answer, Asked asked) {
        var resolver = elsewhere;
        if (resolver == null || zoneOf(asked.name(), asked.type()) != null) {
            lookUp(answer, asked, asked.name(), 0);
            var others = unvouched;
            if (asked.signatures()
                    && !asked.unchecked()
                    && others != null
                    && others.stream().noneMatch(asked.name()::subdomain)) {
                answer.getHeader().setFlag(Flags.AD);
            }
            return;
        }
        try {
            var found = resolver.send(Message.newQuery(asked.question()));
            answer.getHeader().setRcode(found.getRcode());
            for (var section : List.of(Section.ANSWER, Section.AUTHORITY)) {
                found.getSection(section).forEach(record -> answer.addRecord(record, section));
            }
        } catch (IOException e) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        }
    }

    private void lookUp(Message answer, Asked asked, Name name, int aliases) {
        var zone = zoneOf(name, asked.type());
        if (zone == null) {
            // An alias out of our zones is followed no further, and that is a complete answer here.
            answer.getHeader().setRcode(aliases == 0 ? Rcode.REFUSED : Rcode.NOERROR);
            return;
        }
        answer.getHeader().setFlag(Flags.AA);
        SetResponse found = zone.findRecords(name, asked.type());
        if (found.isSuccessful()) {
            found.answers().forEach(set -> add(answer, set, Section.ANSWER, asked));
        } else if (found.isCNAME() && aliases < MAX_ALIASES) {
            var alias = found.getCNAME();
            answer.addRecord(alias, Section.ANSWER);
            lookUp(answer, asked, alias.getTarget(), aliases + 1);
        } else if (found.isDelegation()) {
            add(answer, found.getNS(), Section.AUTHORITY, asked);
        } else {
            answer.getHeader().setRcode(found.isNXDOMAIN() && !hasBelow(zone, name) ? Rcode.NXDOMAIN : Rcode.NOERROR);
            zone.findRecords(zone.getOrigin(), Type.SOA)
                    .answers()
                    .forEach(set -> add(answer, set, Section.AUTHORITY, asked));
        }
    }

    /// Whether the name exists because others below it do (RFC 8020, section 2).
    private static boolean hasBelow(Zone zone, Name name) {
        for (var set : zone) {
            if (set.getName().subdomain(name)) {
                return true;
            }
        }
        return false;
    }

    /// The zone with the records of that type at that name; DS records are in the zone above (RFC 4035, section
    /// 3.1.4.1).
    private @Nullable Zone zoneOf(Name name, int type) {
        return zoneOf(type == Type.DS && name.labels() > 1 ? new Name(name, 1) : name);
    }

    private @Nullable Zone zoneOf(Name name) {
        for (var labels = 0; labels < name.labels(); labels++) {
            var zone = zones.get(labels == 0 ? name : new Name(name, labels));
            if (zone != null) {
                return zone;
            }
        }
        return null;
    }

    private static void add(Message answer, RRset set, int section, Asked asked) {
        set.rrs().forEach(record -> answer.addRecord(record, section));
        if (asked.signatures()) {
            set.sigs().forEach(signature -> answer.addRecord(signature, section));
        }
    }

    private static void complete(Name apex, List<Record> records) throws IOException {
        if (records.stream().noneMatch(record -> record.getType() == Type.SOA)) {
            records.add(record(apex, Type.SOA, "ns.invalid. hostmaster.invalid. 1 3600 600 86400 60"));
        }
        if (records.stream()
                .noneMatch(record ->
                        record.getType() == Type.NS && record.getName().equals(apex))) {
            records.add(record(apex, Type.NS, "ns.invalid."));
        }
    }

    private static Record record(Name apex, int type, String data) throws IOException {
        return Record.fromString(apex, type, DClass.IN, TTL, data, apex);
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private record Question(Name name, int type) {}
}
