package outrider.checker.check;

import java.util.List;
import java.util.stream.Stream;
import outrider.scan.ScanJob;

/// A named family of checks that runs against one asset: how to look at its subjects, and the judges of
/// what was seen.
///
/// All I/O of a checker is in its looks; its judges are pure. So one look serves every check, and a
/// check is tested without a network. One from a jar of its own is made by a [CheckerProvider].
///
/// @param <O> what one look sees; immutable
public interface Checker<O> {

    /// The name, as in the catalogue and in [ScanJob#checker()].
    String name();

    /// The subjects of the job, each once. Nothing is sent before a look is taken; looks of one job run
    /// at the same time and may share what they fetch. Empty where the asset has nothing for this
    /// checker.
    ///
    /// The stream is gone through once, as looks end, and then closed. So an asset may have more
    /// subjects than fit in memory.
    Stream<Subject<O>> subjects(ScanJob job);

    /// One judge for each check of this checker in the catalogue.
    List<? extends Judge<O>> judges();

    /// Why an asset without subjects has none, in one sentence.
    String whyNoSubjects();

    /// What is looked at and judged by itself: an endpoint, a record, the asset as a whole.
    ///
    /// @param name as it goes into the report
    record Subject<O>(String name, Look<O> look) {}

    /// All I/O on one subject. It meets a target that fails with an observation that says so, not with
    /// an exception.
    @FunctionalInterface
    interface Look<O> {
        O take() throws InterruptedException;
    }
}
