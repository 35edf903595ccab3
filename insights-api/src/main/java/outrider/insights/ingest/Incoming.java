package outrider.insights.ingest;

import java.util.List;
import java.util.stream.Collectors;
import outrider.scan.ReportHeader;
import outrider.scan.ReportOutcome;
import outrider.web.ProblemException.FieldError;

/// One report of a request, read to its end: either fit to be written, or refused.
sealed interface Incoming permits Report, LargeReport, Incoming.Refused {

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
}
