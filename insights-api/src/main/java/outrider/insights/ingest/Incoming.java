package outrider.insights.ingest;

import java.util.List;
import java.util.stream.Collectors;
import outrider.scan.ReportHeader;
import outrider.scan.ReportOutcome;
import outrider.web.ProblemException.FieldError;

/// One report of a request, read to its end: fit to be written, refused, or to come again.
sealed interface Incoming permits Report, LargeReport, Incoming.Refused, Incoming.Early {

    ReportHeader header();

    /// Gives back what the report holds besides memory.
    default void release() {}

    /// A report that is wrong and will stay wrong.
    ///
    /// @param errors its wrong lines in their order, each with the field where there is one: `line 3, severity`
    record Refused(ReportHeader header, List<FieldError> errors) implements Incoming {

        public Refused {
            errors = List.copyOf(errors);
        }

        private String why() {
            return errors.stream()
                    .map(error -> error.field() + ": " + error.message())
                    .collect(Collectors.joining("; "));
        }

        ReportOutcome outcome() {
            return new ReportOutcome(header.scanId(), ReportOutcome.Kind.REJECTED, ReportOutcome.Counts.NONE, why());
        }
    }

    /// A report under a catalogue of checks that is not known yet: nobody can say whether it is right.
    record Early(ReportHeader header) implements Incoming {

        ReportOutcome outcome() {
            return new ReportOutcome(header.scanId(), ReportOutcome.Kind.BUSY, ReportOutcome.Counts.NONE, null);
        }
    }
}
