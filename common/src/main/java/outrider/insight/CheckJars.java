package outrider.insight;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The jars with checks of others: all of the directory that `OUTRIDER_CHECKS_JARS` names, on top of the class path.
///
/// A class loader of its own, because Outrider is started in three ways (jars within a jar, an extracted one, a plain
/// class path), and no launcher's setting reaches all of them. The jars see each other and every class of Outrider.
/// Read once, at the first use: a jar that is added takes a restart.
public final class CheckJars {

    /// The environment variable; as a system property it is `outrider.checks.jars`, and goes first.
    public static final String SETTING = "OUTRIDER_CHECKS_JARS";

    private static @Nullable ClassLoader loader;

    private CheckJars() {}

    /// Sees those jars and all of Outrider. An [IllegalStateException] says why the directory cannot be read.
    public static synchronized ClassLoader loader() {
        var found = loader;
        if (found == null) {
            found = loader(System.getProperty("outrider.checks.jars", System.getenv(SETTING)));
            loader = found;
        }
        return found;
    }

    /// @param directory null or empty: there are no such jars
    static ClassLoader loader(@Nullable String directory) {
        var own = CheckJars.class.getClassLoader();
        if (directory == null || directory.isBlank()) {
            return own;
        }
        try {
            var jars = jars(Path.of(directory.strip()));
            return jars.isEmpty() ? own : new URLClassLoader("checks", jars.toArray(URL[]::new), own);
        } catch (NotDirectoryException e) {
            throw new IllegalStateException("%s names %s, which is no directory".formatted(SETTING, directory), e);
        } catch (IOException e) {
            throw new IllegalStateException("%s names %s, which cannot be read".formatted(SETTING, directory), e);
        }
    }

    private static List<URL> jars(Path directory) throws IOException {
        var jars = new ArrayList<URL>();
        try (var files = Files.newDirectoryStream(directory, "*.jar")) {
            for (var file : files) {
                jars.add(file.toUri().toURL());
            }
        }
        return jars;
    }
}
