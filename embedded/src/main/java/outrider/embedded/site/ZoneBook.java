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
    private volatile @Nullable Resolver elsewhere;

    void set(String origin, String text) {
        var apex = name(origin);
        try (var master = new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), apex, TTL)) {
            var records = new ArrayList<Record>();
            for (var record = master.nextRecord(); record != null; record = master.nextRecord()) {
                records.add(record);
            }
            complete(apex, records);
            zones.put(apex, new Zone(apex, records.toArray(Record[]::new)));
        } catch (IOException e) {
            throw new IllegalArgumentException("zone %s: %s".formatted(origin, e.getMessage()), e);
        }
    }

    void fail(String name, @Nullable String type, LoopbackDns.Failure failure) {
        failures.put(new Question(name(name), type == null ? Type.ANY : Type.value(type)), failure);
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
    boolean fill(Message answer, Record question, boolean overTcp) {
        var failure = failures.get(new Question(question.getName(), question.getType()));
        if (failure == null) {
            failure = failures.get(new Question(question.getName(), Type.ANY));
        }
        switch (failure) {
            case null -> answer(answer, question);
            case SERVFAIL -> answer.getHeader().setRcode(Rcode.SERVFAIL);
            case REFUSED -> answer.getHeader().setRcode(Rcode.REFUSED);
            case TIMEOUT -> {
                return false;
            }
            case TRUNCATE -> {
                if (overTcp) {
                    answer(answer, question);
                } else {
                    answer.getHeader().setFlag(Flags.TC);
                }
            }
        }
        return true;
    }

    private void answer(Message answer, Record question) {
        var resolver = elsewhere;
        if (resolver == null || zoneOf(question.getName()) != null) {
            lookUp(answer, question.getName(), question.getType(), 0);
            return;
        }
        try {
            var found = resolver.send(Message.newQuery(question));
            answer.getHeader().setRcode(found.getRcode());
            for (var section : List.of(Section.ANSWER, Section.AUTHORITY)) {
                found.getSection(section).forEach(record -> answer.addRecord(record, section));
            }
        } catch (IOException e) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        }
    }

    private void lookUp(Message answer, Name name, int type, int aliases) {
        var zone = zoneOf(name);
        if (zone == null) {
            // An alias out of our zones is followed no further, and that is a complete answer here.
            answer.getHeader().setRcode(aliases == 0 ? Rcode.REFUSED : Rcode.NOERROR);
            return;
        }
        answer.getHeader().setFlag(Flags.AA);
        SetResponse found = zone.findRecords(name, type);
        if (found.isSuccessful()) {
            found.answers().forEach(set -> add(answer, set, Section.ANSWER));
        } else if (found.isCNAME() && aliases < MAX_ALIASES) {
            var alias = found.getCNAME();
            answer.addRecord(alias, Section.ANSWER);
            lookUp(answer, alias.getTarget(), type, aliases + 1);
        } else if (found.isDelegation()) {
            add(answer, found.getNS(), Section.AUTHORITY);
        } else {
            answer.getHeader().setRcode(found.isNXDOMAIN() ? Rcode.NXDOMAIN : Rcode.NOERROR);
            answer.addRecord(zone.getSOA(), Section.AUTHORITY);
        }
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

    private static void add(Message answer, RRset set, int section) {
        set.rrs().forEach(record -> answer.addRecord(record, section));
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
