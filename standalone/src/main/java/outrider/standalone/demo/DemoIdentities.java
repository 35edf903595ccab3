package outrider.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;

/// The certificates of the demo's site. They stay the same from run to run, so that a scan of the same weakness finds
/// the same.
final class DemoIdentities {
    static final String EXPIRED = "expired";
    static final String WRONG_NAME = "wrong-name";
    static final String UNTRUSTED = "untrusted";

    private static final char[] PASSWORD = "demo".toCharArray();
    private static final Duration LIFE = Duration.ofDays(365);
    private static final Duration RESERVE = Duration.ofDays(60);

    private final Map<String, Identity> identities;

    private DemoIdentities(Map<String, Identity> identities) {
        this.identities = identities;
    }

    /// Loads them from the directory, or makes them there when they are missing or the healthy ones about to run out.
    static DemoIdentities in(Path directory) {
        var file = directory.resolve("identities.p12");
        try {
            if (Files.exists(file)) {
                var loaded = load(file);
                var end = loaded.of("weak.example").certificate().getNotAfter().toInstant();
                if (end.isAfter(Instant.now().plus(RESERVE))) {
                    return loaded;
                }
            }
            return mint(file, authority(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot use %s; delete it to have a new one made".formatted(file), e);
        }
    }

    /// The PEM file with the demo's certificate authority.
    static Path authority(Path directory) {
        return directory.resolve("ca.pem");
    }

    /// The identity of a host, or one of the bad ones by its name.
    Identity of(String name) {
        var identity = identities.get(name);
        if (identity == null) {
            throw new IllegalArgumentException("the demo has no identity " + name);
        }
        return identity;
    }

    private static DemoIdentities mint(Path file, Path trust) throws IOException, GeneralSecurityException {
        var root = CertificateAuthority.root("Outrider Demo Root", KeyKind.EC_P256);
        var issuing = root.intermediate("Outrider Demo Issuing");
        var now = Instant.now();
        var identities = new LinkedHashMap<String, Identity>();
        for (var host : DemoSite.HOSTS) {
            var leaf = Leaf.named(host).valid(now.minus(Duration.ofDays(1)), now.plus(LIFE));
            identities.put(host, issuing.issue(leaf));
        }
        identities.put(EXPIRED, issuing.issue(Leaf.named(DemoSite.EXPIRED_HOST).expiredSince(Duration.ofDays(9))));
        var elsewhere = Leaf.named("somewhere-else.example").valid(now.minus(Duration.ofDays(1)), now.plus(LIFE));
        identities.put(WRONG_NAME, issuing.issue(elsewhere));
        var minted = new DemoIdentities(identities);
        identities.put(UNTRUSTED, minted.of(DemoSite.UNTRUSTED_HOST).withoutIntermediates());
        Files.writeString(trust, root.pem());
        store(file, identities);
        return minted;
    }

    private static void store(Path file, Map<String, Identity> identities)
            throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        for (var identity : identities.entrySet()) {
            var chain = identity.getValue().chain().toArray(Certificate[]::new);
            store.setKeyEntry(identity.getKey(), identity.getValue().key(), PASSWORD, chain);
        }
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
    }

    private static DemoIdentities load(Path file) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        var identities = new LinkedHashMap<String, Identity>();
        for (var aliases = store.aliases().asIterator(); aliases.hasNext(); ) {
            var alias = aliases.next();
            var chain = Arrays.stream(store.getCertificateChain(alias))
                    .map(X509Certificate.class::cast)
                    .toList();
            identities.put(alias, new Identity((PrivateKey) store.getKey(alias, PASSWORD), chain));
        }
        return new DemoIdentities(identities);
    }
}
