package outrider.checker.check.http;

import outrider.checker.check.Judge;
import outrider.checker.check.Verdict;
import outrider.insight.CheckId;

/// A judge that is asked about sites only, not about guards that sent us elsewhere, nor about the placeholders of
/// registrars and hosters.
///
/// Placeholders are not applicable rather than an error: that there is no site of the owner's is something we can
/// tell, and most owners of many names park some for good.
record WhereASiteIs(Judge<HttpObservation> judge) implements Judge<HttpObservation> {

    @Override
    public CheckId id() {
        return judge.id();
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        var diversion = Obstacles.diversion(seen);
        if (diversion.isPresent()) {
            return new Verdict.CouldNotTell(diversion.get());
        }
        return Obstacles.parking(seen)
                .<Verdict>map(provider -> new Verdict.NotApplicable(
                        "no site is here, only a placeholder of somebody else's (%s)".formatted(provider)))
                .orElseGet(() -> judge.judge(seen));
    }
}
