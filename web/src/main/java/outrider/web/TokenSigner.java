package outrider.web;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Mints tokens with the private key of a directory: `token-key.json` (to be kept secret) beside `jwks.json` (for
/// the services).
public final class TokenSigner {

    /// Who every token of ours says it is from.
    static final String ISSUER = "outrider";

    private final ECKey key;
    private final Clock clock;

    private TokenSigner(ECKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    /// Opens the directory, and makes the key pair when there is none yet.
    public static TokenSigner open(Path directory, Clock clock) throws IOException {
        return new TokenSigner(new SigningKeys(directory).open(), clock);
    }

    /// Signs with the key in that file.
    public static TokenSigner read(Path file, Clock clock) throws IOException {
        return new TokenSigner(SigningKeys.read(file), clock);
    }

    /// A token for that subject.
    ///
    /// @param account the only account it may see; null: all
    public String mint(String subject, Set<String> scopes, @Nullable UUID account, Duration validity) {
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(validity)))
                .claim("scope", String.join(" ", scopes));
        if (account != null) {
            claims.claim(Caller.ACCOUNT_CLAIM, account.toString());
        }
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims.build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform can sign with P-256", e);
        }
        return token.serialize();
    }

    /// Writes a file that only its owner may read, whole or not at all.
    public static void writePrivately(Path file, String text) throws IOException {
        write(file, text, "rw-------");
    }

    /// Writes a file that everybody may read, whole or not at all.
    static void writePublicly(Path file, String text) throws IOException {
        write(file, text, "rw-r--r--");
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        var mode = PosixFilePermissions.fromString(permissions);
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(mode));
        Files.writeString(draft, text, StandardOpenOption.WRITE);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
