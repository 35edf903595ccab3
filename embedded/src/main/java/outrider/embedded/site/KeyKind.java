package outrider.embedded.site;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/// A kind of key pair; `RSA_1024` is too weak on purpose.
public enum KeyKind {
    EC_P256("SHA256withECDSA"),
    RSA_2048("SHA256withRSA"),
    RSA_1024("SHA256withRSA");

    private final String signature;

    KeyKind(String signature) {
        this.signature = signature;
    }

    /// The JCA name of the algorithm such a key usually signs with.
    String signature() {
        return signature;
    }

    KeyPair generate() {
        try {
            if (this == EC_P256) {
                var generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                return generator.generateKeyPair();
            }
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(this == RSA_1024 ? 1024 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks " + this, e);
        }
    }
}
