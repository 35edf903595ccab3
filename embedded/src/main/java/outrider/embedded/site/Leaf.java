package outrider.embedded.site;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a server certificate is to say: the host names or IP addresses it is for, when it holds, and how strong it is.
///
/// @param names DNS names (also `*.example.com`) and IP addresses for the subject alternative name; none leaves that
/// extension out
/// @param commonName the subject's name, which clients of today ignore
/// @param key the strength of the server's key
/// @param signature the JCA name of the issuer's signature algorithm, or null for the usual one of its key
public record Leaf(
        List<String> names,
        String commonName,
        Instant notBefore,
        Instant notAfter,
        KeyKind key,
        @Nullable String signature) {
    public Leaf {
        names = List.copyOf(names);
        if (!notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException(
                    "a certificate must begin before it ends: %s, %s".formatted(notBefore, notAfter));
        }
    }

    /// A healthy certificate for those names: from yesterday, for 90 days.
    public static Leaf named(String... names) {
        var yesterday = Instant.now().minus(Duration.ofDays(1));
        return new Leaf(
                List.of(names), names[0], yesterday, yesterday.plus(Duration.ofDays(90)), KeyKind.EC_P256, null);
    }

    /// The same, valid in another time.
    public Leaf valid(Instant from, Instant until) {
        return new Leaf(names, commonName, from, until, key, signature);
    }

    /// The same, 90 days long and over since the given time.
    public Leaf expiredSince(Duration ago) {
        var end = Instant.now().minus(ago);
        return valid(end.minus(Duration.ofDays(90)), end);
    }

    /// The same with another kind of key.
    public Leaf with(KeyKind other) {
        return new Leaf(names, commonName, notBefore, notAfter, other, signature);
    }

    /// The same, signed with another algorithm, such as `SHA1withRSA`, which the issuer's key must allow.
    public Leaf signedWith(String algorithm) {
        return new Leaf(names, commonName, notBefore, notAfter, key, algorithm);
    }

    /// The same without a subject alternative name.
    public Leaf withCommonNameOnly() {
        return new Leaf(List.of(), commonName, notBefore, notAfter, key, signature);
    }
}
