package outrider.lanes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What an unclean leader election leaves of a partition: its records from an offset on are gone. For a broker that is
/// stopped, and records that were sent one by one.
final class LogCut {
    private static final int BATCH_OVERHEAD = 12;

    private LogCut() {}

    static void at(Path data, String topic, long offset) {
        var partition = data.resolve(topic + "-0");
        try (var log = new RandomAccessFile(
                partition.resolve("00000000000000000000.log").toFile(), "rw")) {
            long position = 0;
            while (position < log.length()) {
                log.seek(position);
                if (log.readLong() >= offset) {
                    log.setLength(position);
                    break;
                }
                position += BATCH_OVERHEAD + log.readInt();
            }
            // Else the broker would trust what it wrote about the longer log.
            Files.deleteIfExists(data.resolve(".kafka_cleanshutdown"));
            try (var files = Files.newDirectoryStream(partition, "*.{index,timeindex,snapshot}")) {
                for (var file : files) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
