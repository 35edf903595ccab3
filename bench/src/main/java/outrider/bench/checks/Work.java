package outrider.bench.checks;

import java.io.IOException;

/// What is done over and over again.
@FunctionalInterface
interface Work {
    void run() throws InterruptedException, IOException;
}
