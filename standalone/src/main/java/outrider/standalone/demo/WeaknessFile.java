package outrider.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.Properties;
import java.util.Set;
import outrider.standalone.Home;

/// Says, a line for each, which weaknesses the demo's site has; the running demo follows it.
record WeaknessFile(Path file) {
    static WeaknessFile in(Home home) {
        return new WeaknessFile(home.root().resolve("demo.properties"));
    }

    private static final String HEAD = """
            # What is wrong with the demo's site: change a line to "mended" or "weak" and save.
            # The running demo follows at once, the insights with the next scan (make demo-fix does both).
            """;

    /// The weaknesses there are; all of them where nobody has written the file yet.
    Set<Weakness> read() {
        var weaknesses = Weakness.all();
        if (!Files.exists(file)) {
            return weaknesses;
        }
        var lines = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        weaknesses.removeIf(
                weakness -> lines.getProperty(weakness.check(), "weak").strip().equals("mended"));
        return weaknesses;
    }

    void write(Set<Weakness> weaknesses) {
        var text = new StringBuilder(HEAD);
        for (var weakness : EnumSet.allOf(Weakness.class)) {
            text.append("%-20s = %s%n".formatted(weakness.check(), weaknesses.contains(weakness) ? "weak" : "mended"));
        }
        try {
            var draft = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
