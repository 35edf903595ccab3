package outrider.embedded.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// Somebody who signs certificates: a root of its own, or an intermediate below one.
public final class CertificateAuthority {
    private static final SecureRandom random = new SecureRandom();
    private static final Duration LIFE = Duration.ofDays(3650);

    private final PrivateKey key;
    private final KeyKind kind;
    private final List<X509Certificate> chain;
    private final @Nullable String published;

    private CertificateAuthority(
            PrivateKey key, KeyKind kind, List<X509Certificate> chain, @Nullable String published) {
        this.key = key;
        this.kind = kind;
        this.chain = chain;
        this.published = published;
    }

    /// A new root with that common name.
    public static CertificateAuthority root(String name, KeyKind kind) {
        var pair = kind.generate();
        var subject = subject(name);
        var certificate = sign(
                builder(subject, subject, pair.getPublic(), life(name)), true, pair.getPrivate(), kind.signature());
        return new CertificateAuthority(pair.getPrivate(), kind, List.of(certificate), null);
    }

    /// A new authority that this one vouches for.
    public CertificateAuthority intermediate(String name) {
        var pair = kind.generate();
        var builder = builder(issuer(), subject(name), pair.getPublic(), life(name));
        var certificate = sign(builder, true, key, kind.signature());
        return new CertificateAuthority(pair.getPrivate(), kind, prepend(certificate, chain), null);
    }

    /// The same, whose certificates for servers say that its own can be had at that address.
    public CertificateAuthority publishedAt(String url) {
        return new CertificateAuthority(key, kind, chain, url);
    }

    /// Signs a new key pair's certificate. Its chain holds the intermediates and leaves the root out, as servers
    /// should.
    public Identity issue(Leaf leaf) {
        var pair = leaf.key().generate();
        var builder = builder(issuer(), subject(leaf.commonName()), pair.getPublic(), leaf);
        if (published != null) {
            addPublished(builder, published);
        }
        var certificate = sign(builder, false, key, Objects.requireNonNullElse(leaf.signature(), kind.signature()));
        return new Identity(pair.getPrivate(), prepend(certificate, chain.subList(0, chain.size() - 1)));
    }

    /// A certificate that vouches for itself and that nobody trusts.
    public static Identity selfSigned(Leaf leaf) {
        KeyPair pair = leaf.key().generate();
        var subject = subject(leaf.commonName());
        var signature = Objects.requireNonNullElse(leaf.signature(), leaf.key().signature());
        var certificate = sign(builder(subject, subject, pair.getPublic(), leaf), false, pair.getPrivate(), signature);
        return new Identity(pair.getPrivate(), List.of(certificate));
    }

    /// The authority's own certificate.
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// The authority's own certificate as PEM text, for a trust file.
    public String pem() {
        return Identity.pem(certificate());
    }

    private X500Principal issuer() {
        return certificate().getSubjectX500Principal();
    }

    private static X500Principal subject(String name) {
        return new X500Principal("CN=" + name.replace(",", "\\,"));
    }

    private static Leaf life(String name) {
        var from = Instant.now().minus(LIFE.dividedBy(10));
        return new Leaf(List.of(), name, from, from.plus(LIFE), KeyKind.EC_P256, null);
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey key, Leaf leaf) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(127, random),
                    Date.from(leaf.notBefore()),
                    Date.from(leaf.notAfter()),
                    subject,
                    key);
            var identifier = new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key);
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifier);
            if (!leaf.names().isEmpty()) {
                var names = leaf.names().stream()
                        .map(CertificateAuthority::generalName)
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return builder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addPublished(JcaX509v3CertificateBuilder builder, String url) {
        try {
            var address = new GeneralName(GeneralName.uniformResourceIdentifier, url);
            builder.addExtension(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(new AccessDescription(AccessDescription.id_ad_caIssuers, address)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509Certificate sign(
            JcaX509v3CertificateBuilder builder, boolean authority, PrivateKey key, String algorithm) {
        try {
            var usage = authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            var signer = new JcaContentSignerBuilder(algorithm).build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + algorithm, e);
        }
    }

    private static GeneralName generalName(String name) {
        try {
            InetAddress.ofLiteral(name);
            return new GeneralName(GeneralName.iPAddress, name);
        } catch (IllegalArgumentException e) {
            return new GeneralName(GeneralName.dNSName, name);
        }
    }

    private static List<X509Certificate> prepend(X509Certificate first, List<X509Certificate> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }
}
