package outrider.checker.egress;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DNSSEC.Algorithm;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.DNSSEC.SignatureExpiredException;
import org.xbill.DNS.DNSSEC.SignatureNotYetValidException;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;

/// Verifies signatures of DNSSEC at one moment.
///
/// Clocks differ, so dates are taken as generously as resolvers do: by a tenth of the signature's lifetime, but one
/// hour at least and a day at most.
record Signatures(Instant now) {

    /// Those that validators support (RFC 8624, section 3.1).
    static final Set<Integer> SUPPORTED = Set.of(
            Algorithm.RSASHA1,
            Algorithm.RSA_NSEC3_SHA1,
            Algorithm.RSASHA256,
            Algorithm.RSASHA512,
            Algorithm.ECDSAP256SHA256,
            Algorithm.ECDSAP384SHA384,
            Algorithm.ED25519,
            Algorithm.ED448);

    /// Zones made to keep validators busy have thousands of combinations (CVE-2023-50387); an honest one has two.
    private static final int MAX_TRIES = 16;

    private static final Duration LEAST_SKEW = Duration.ofHours(1);
    private static final Duration MOST_SKEW = Duration.ofDays(1);

    /// Why none of these keys has signed the records; empty if one has.
    Optional<String> objection(RRset set, List<DNSKEYRecord> keys) {
        var why = set.sigs().isEmpty() ? "have no signature" : "have no signature by a key of the zone";
        var tries = 0;
        for (var signature : set.sigs()) {
            for (var key : keys) {
                if (key.getFootprint() != signature.getFootprint() || key.getAlgorithm() != signature.getAlgorithm()) {
                    continue;
                }
                if (++tries > MAX_TRIES) {
                    return Optional.of("have more signatures than anybody tries");
                }
                try {
                    DNSSEC.verify(set, signature, key, moment(signature));
                    return Optional.empty();
                } catch (SignatureExpiredException e) {
                    why = "have a signature that expired on " + signature.getExpire();
                } catch (SignatureNotYetValidException e) {
                    why = "have a signature that holds only from " + signature.getTimeSigned();
                } catch (DNSSECException | RuntimeException e) {
                    // The platform throws whatever it likes at keys that are none, such as an Ed25519 key without
                    // bytes.
                    why = "have a signature that does not fit them";
                }
            }
        }
        return Optional.of(why);
    }

    /// The moment at which the signature is judged: now, or its nearer end if that is within the skew of clocks.
    private Instant moment(RRSIGRecord signature) {
        var from = signature.getTimeSigned();
        var until = signature.getExpire();
        var tenth = Duration.between(from, until).dividedBy(10);
        var skew = tenth.compareTo(LEAST_SKEW) < 0 ? LEAST_SKEW : tenth.compareTo(MOST_SKEW) > 0 ? MOST_SKEW : tenth;
        if (now.isBefore(from) && now.plus(skew).isAfter(from)) {
            return from;
        }
        return now.isAfter(until) && now.minus(skew).isBefore(until) ? until : now;
    }
}
