package outrider.embedded.site;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DNSSEC.Algorithm;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.DNSSEC.Digest;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;

/// A key that signs zones for a [LoopbackDns]; what it signs holds from one moment to another.
public final class ZoneKey {

    private static final long TTL = 300;
    private static final int ZONE_AND_ENTRY = 257;
    private static final int PROTOCOL = 3;
    private static final Duration DAYS = Duration.ofDays(15);

    private final int algorithm;
    private final KeyPair pair;
    private final Instant from;
    private final Instant until;

    private ZoneKey(int algorithm, KeyPair pair, Instant from, Instant until) {
        this.algorithm = algorithm;
        this.pair = pair;
        this.from = from;
        this.until = until;
    }

    /// A new key of the kind in common use, whose signatures hold today.
    public static ZoneKey ecdsa() {
        return of(Algorithm.ECDSAP256SHA256, "EC");
    }

    /// A new key that signs with RSA and SHA-1.
    public static ZoneKey sha1() {
        return of(Algorithm.RSASHA1, "RSA");
    }

    private static ZoneKey of(int algorithm, String kind) {
        try {
            var generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            var now = Instant.now();
            return new ZoneKey(algorithm, generator.generateKeyPair(), now.minus(DAYS), now.plus(DAYS));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The same key, whose signatures hold in that time alone.
    public ZoneKey valid(Instant from, Instant until) {
        return new ZoneKey(algorithm, pair, from, until);
    }

    /// The DS record for the zone of that name, as a line for its parent.
    public String delegation(String origin) {
        var zone = name(origin);
        return new DSRecord(zone, DClass.IN, TTL, Digest.SHA256, record(zone)).toString();
    }

    /// The key itself, as a line for the zone.
    public String published(String origin) {
        return record(name(origin)).toString();
    }

    /// Adds the key and the signatures to the records of a zone.
    void sign(Name zone, List<Record> records) {
        var key = record(zone);
        records.add(key);
        var sets = new LinkedHashMap<Map.Entry<Name, Integer>, List<Record>>();
        records.forEach(
                record -> sets.computeIfAbsent(Map.entry(record.getName(), record.getType()), id -> new ArrayList<>())
                        .add(record));
        for (var set : sets.values()) {
            try {
                records.add(DNSSEC.sign(new RRset(set), key, pair.getPrivate(), from, until));
            } catch (DNSSECException e) {
                throw new IllegalStateException("zone %s cannot be signed".formatted(zone), e);
            }
        }
    }

    private DNSKEYRecord record(Name zone) {
        try {
            return new DNSKEYRecord(zone, DClass.IN, TTL, ZONE_AND_ENTRY, PROTOCOL, algorithm, pair.getPublic());
        } catch (DNSSECException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Name name(String origin) {
        try {
            return Name.fromString(origin, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
