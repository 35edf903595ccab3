package outrider.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How to start another JVM with the class path of this one.
public final class JavaCommand {

    private JavaCommand() {}

    /// @param options of the JVM itself, such as `-Xmx96m`
    public static ProcessBuilder of(Class<?> main, List<String> options, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
