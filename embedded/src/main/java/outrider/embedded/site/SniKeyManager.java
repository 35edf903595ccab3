package outrider.embedded.site;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Chooses the identity by the name the client asks for, else the default one; both may change while the server runs.
final class SniKeyManager extends X509ExtendedKeyManager {
    private static final String DEFAULT = "";

    private final Map<String, Identity> identities = new ConcurrentHashMap<>();

    SniKeyManager(Identity byDefault) {
        set(DEFAULT, byDefault);
    }

    void setDefault(Identity identity) {
        set(DEFAULT, identity);
    }

    void set(String name, Identity identity) {
        identities.put(name, identity);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        var name = ((SSLSocket) socket).getHandshakeSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(asked -> ((SNIHostName) asked).getAsciiName())
                        .filter(identities::containsKey)
                        .findFirst()
                        .orElse(DEFAULT)
                : DEFAULT;
        var identity = getPrivateKey(name);
        // The TLS stack asks once per kind of key it could use, "EC" or "RSA" (also "RSASSA-PSS", which is another kind
        // of key).
        return identity.getAlgorithm().equals(keyType) ? name : null;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    private Identity identity(String alias) {
        var identity = identities.get(alias);
        if (identity == null) {
            throw new IllegalStateException("no identity for '%s'".formatted(alias));
        }
        return identity;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return identities.keySet().toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
