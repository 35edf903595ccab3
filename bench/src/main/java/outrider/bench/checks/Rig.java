package outrider.bench.checks;

import java.io.PrintStream;
import java.nio.file.Path;

/// What all workloads share.
///
/// @param trust whom the scanner has to trust
/// @param out where the tables go; how far it is goes to the error stream
record Rig(Addresses addresses, Path trust, Scale scale, int repetitions, PrintStream out) {

    Scanner scanner() {
        return Scanner.of(addresses.resolver(), trust);
    }

    Scanner patientScanner() {
        return Scanner.patient(addresses.resolver(), trust);
    }
}
