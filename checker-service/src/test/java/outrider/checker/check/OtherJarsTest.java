package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.insight.CheckId;

class OtherJarsTest {

    @TempDir
    private Path jar;

    /// A judge as another jar would bring it.
    public static final class Guest implements Judge<String> {
        @Override
        public CheckId id() {
            return new CheckId("guest.one");
        }

        @Override
        public Verdict judge(String observation) {
            return Verdict.pass();
        }
    }

    /// One that cannot be made.
    public static final class Broken implements Judge<String> {
        Broken() {
            throw new IllegalStateException("out of order");
        }

        @Override
        public CheckId id() {
            return new CheckId("guest.two");
        }

        @Override
        public Verdict judge(String observation) {
            return Verdict.pass();
        }
    }

    @Test
    void finds_what_a_jar_brings() throws IOException {
        assertThat(OtherJars.all(Judge.class, bringing(Guest.class.getName())))
                .singleElement()
                .isInstanceOf(Guest.class);
    }

    @Test
    void a_start_with_a_judge_that_cannot_be_made_fails() throws IOException {
        for (var name : new String[] {"com.example.Gone", Broken.class.getName()}) {
            var loader = bringing(name);
            assertThatIllegalStateException()
                    .isThrownBy(() -> OtherJars.all(Judge.class, loader))
                    .withMessageContaining("A jar brings a Judge that cannot be made")
                    .withMessageContaining(name);
        }
    }

    private ClassLoader bringing(String name) throws IOException {
        var services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(Judge.class.getName()), name);
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
    }
}
