package outrider.web;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.ParseException;
import java.util.ArrayList;

/// The keys of a signing directory: the one that signs (`token-key.json`), the next and the last, and the public
/// halves of all three (`jwks.json`).
///
/// One follows another without a token being refused: the next is published before it signs, and the last is
/// accepted until it is retired.
final class SigningKeys {

    private final Path directory;
    private final Path current;
    private final Path next;
    private final Path last;

    SigningKeys(Path directory) {
        this.directory = directory;
        this.current = directory.resolve("token-key.json");
        this.next = directory.resolve("next-key.json");
        this.last = directory.resolve("last-key.json");
    }

    Path published() {
        return directory.resolve("jwks.json");
    }

    /// The key that signs, made when there is none yet.
    ECKey open() throws IOException {
        if (!Files.exists(current)) {
            Files.createDirectories(directory);
            make(current);
        }
        publish();
        return read(current);
    }

    /// Makes the next key, to be accepted everywhere before it signs.
    void prepare() throws IOException {
        if (Files.exists(next)) {
            throw new IOException("there is a next key already, in " + next);
        }
        make(next);
        publish();
    }

    /// Signs with the next key from now on; the last one is still accepted.
    void change() throws IOException {
        if (!Files.exists(next)) {
            throw new IOException("there is no next key in %s; prepare one first".formatted(directory));
        }
        TokenSigner.writePrivately(last, read(current).toPublicJWK().toJSONString());
        Files.move(next, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        publish();
    }

    /// Accepts no token of the last key any more.
    void retire() throws IOException {
        Files.deleteIfExists(last);
        publish();
    }

    static ECKey read(Path file) throws IOException {
        try {
            return ECKey.parse(Files.readString(file));
        } catch (ParseException e) {
            throw new IOException("%s is no signing key; delete it to have a new one made".formatted(file), e);
        }
    }

    private static void make(Path file) throws IOException {
        try {
            var key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
            TokenSigner.writePrivately(file, key.toJSONString());
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform can make keys on P-256", e);
        }
    }

    private void publish() throws IOException {
        var keys = new ArrayList<JWK>();
        for (var file : new Path[] {current, next, last}) {
            if (Files.exists(file)) {
                keys.add(read(file).toPublicJWK());
            }
        }
        TokenSigner.writePublicly(published(), new JWKSet(keys).toString());
    }
}
