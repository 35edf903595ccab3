package outrider.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The directory that holds everything one run leaves to the next.
///
/// @param root absolute
public record Home(Path root) {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    public Home {
        root = root.toAbsolutePath().normalize();
    }

    Path postgres() {
        return root.resolve("pg");
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path keys() {
        return root.resolve("keys");
    }

    Path checkerToken() {
        return keys().resolve("checker.token");
    }

    /// The operator's bearer token, readable by its owner only.
    public Path adminToken() {
        return root.resolve("admin.token");
    }

    /// The ports that stay the same from run to run.
    public Path ports() {
        return root.resolve("ports.properties");
    }

    /// What the demo keeps.
    public Path demo() {
        return root.resolve("demo");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path log() {
        return logs().resolve("outrider.log");
    }

    /// Creates the directory where it is missing and proves that it can be written to.
    void prepare() {
        try {
            if (!Files.exists(root)) {
                Files.createDirectories(root, PosixFilePermissions.asFileAttribute(PRIVATE));
            }
            Files.createDirectories(logs());
            Files.delete(Files.createTempFile(root, "writable", null));
        } catch (IOException e) {
            throw new CannotStartException(
                    "Outrider cannot write to %s: make it a directory you may write to, or choose another one with OUTRIDER_HOME=/some/where."
                            .formatted(root),
                    e);
        }
    }
}
