/// A real Kafka broker and a real PostgreSQL inside this JVM, for one machine and for tests.
@NullMarked
package outrider.embedded;

import org.jspecify.annotations.NullMarked;
