package outrider.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server process that outlives a killed JVM and still holds the cluster directory.
final class StalePostmaster {
    private static final long PATIENCE_SECONDS = 15;

    private StalePostmaster() {}

    /// Stops the server that holds the cluster, if any; removes a claim whose process is gone or is not a PostgreSQL
    /// server.
    static void stop(Path cluster) throws IOException {
        var claim = cluster.resolve("postmaster.pid");
        if (!Files.exists(claim)) {
            return;
        }
        var lines = Files.readAllLines(claim);
        var holder = lines.isEmpty()
                ? null
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElse(null);
        if (holder == null || !isPostgres(holder)) {
            // The number may have been given to another process since, and PostgreSQL would then refuse to start.
            Files.deleteIfExists(claim);
            return;
        }
        // SIGINT ends sessions and stops cleanly, SIGQUIT stops at once and leaves recovery to the next start.
        if (!signalled(holder, "INT") && !signalled(holder, "QUIT")) {
            throw new EmbeddedException("PostgreSQL process %d holds %s and does not stop; end it and start again"
                    .formatted(holder.pid(), cluster));
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).endsWith("postgres"))
                .orElse(false);
    }

    private static boolean signalled(ProcessHandle process, String signal) throws IOException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }
}
