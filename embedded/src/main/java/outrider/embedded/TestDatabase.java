package outrider.embedded;

import java.util.concurrent.atomic.AtomicInteger;

/// One temporary PostgreSQL per JVM for all its tests, and a database of its own for whoever asks.
public final class TestDatabase {
    private static final AtomicInteger count = new AtomicInteger();

    private TestDatabase() {}

    /// The shared server; it ends with the JVM.
    public static EmbeddedDatabase shared() {
        return Shared.SERVER;
    }

    /// Creates an empty database and answers its JDBC URL, user included.
    public static String fresh() {
        return shared().createDatabase("test_" + count.incrementAndGet());
    }

    private static final class Shared {
        static final EmbeddedDatabase SERVER = EmbeddedDatabase.temporary();
    }
}
