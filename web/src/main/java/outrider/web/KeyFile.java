package outrider.web;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys in a file, read again when the file changes.
final class KeyFile implements JWKSource<SecurityContext> {

    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

    private final Path file;
    private volatile @Nullable Loaded loaded;

    KeyFile(Path file) {
        this.file = file;
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            var modified = Files.getLastModifiedTime(file);
            var keys = loaded;
            if (keys == null || !keys.modified().equals(modified)) {
                keys = new Loaded(modified, JWKSet.load(file.toFile()));
                loaded = keys;
            }
            return selector.select(keys.keys());
        } catch (IOException | ParseException e) {
            LOG.warn("No token can be checked: {} cannot be read: {}", file, e.toString());
            throw new KeySourceException("The public keys cannot be read from " + file, e);
        }
    }

    private record Loaded(FileTime modified, JWKSet keys) {}
}
