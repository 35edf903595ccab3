package outrider.checker.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/// Where reports are written while their scans run: in memory as long as they are small, on disk from
/// then on, and never more on disk than is allowed.
@Component
public final class Spool {

    private final AtomicLong onDisk = new AtomicLong();
    private final ReportProperties.Large large;

    Spool(ReportProperties properties, ReportMetrics metrics) {
        this.large = properties.large();
        if (!Files.isDirectory(large.directory()) || !Files.isWritable(large.directory())) {
            throw new IllegalStateException(
                    "outrider.report.large.directory must be a directory that can be written to, and %s is not"
                            .formatted(large.directory()));
        }
        metrics.spooled(onDisk::get);
    }

    /// A new report. Who opened it closes it, finished or not.
    public OpenReport open() {
        return new OpenReport(this);
    }

    DataSize threshold() {
        return large.from();
    }

    Path directory() {
        return large.directory();
    }

    /// Allows that many more bytes on disk.
    ///
    /// @throws IOException when that would be too many
    void take(long bytes) throws IOException {
        if (onDisk.addAndGet(bytes) > large.disk().toBytes()) {
            onDisk.addAndGet(-bytes);
            throw new IOException("large reports may take %d MB of disk together (outrider.report.large.disk)"
                    .formatted(large.disk().toMegabytes()));
        }
    }

    void giveBack(long bytes) {
        onDisk.addAndGet(-bytes);
    }

    long onDisk() {
        return onDisk.get();
    }
}
