package outrider.checker.check;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import outrider.checker.check.Looks.Seen;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckDefinition;
import outrider.insight.CheckId;
import outrider.insight.CheckJars;
import outrider.scan.ReportLine;
import outrider.scan.ScanJob;

/// Runs a scan: takes the checker's looks at the asset and has its judges answer.
///
/// Every check of the checker ends in a result for every subject, whatever breaks: a look that fails or
/// takes too long costs its own subject, a judge that fails its own check.
/// A check that is disabled has no result.
@Component
@EnableConfigurationProperties(CheckProperties.class)
public final class CheckRunner {

    private static final Logger LOG = LoggerFactory.getLogger(CheckRunner.class);

    private final Map<String, Checker<?>> checkers;
    private final Map<CheckId, CheckDefinition> definitions;
    private final Set<CheckId> disabled;
    private final Looks looks;

    @Autowired
    CheckRunner(List<Checker<?>> checkers, Outside outside, CheckCatalog catalog, CheckProperties properties) {
        this(withProvided(checkers, outside), catalog.checks(), properties);
    }

    CheckRunner(List<Checker<?>> checkers, Collection<CheckDefinition> catalog, CheckProperties properties) {
        this.checkers = byKey(checkers, Checker::name, "checkers are called");
        this.definitions = byKey(catalog, CheckDefinition::id, "definitions are of");
        checkers.forEach(checker -> byKey(checker.judges(), Judge::id, "judges answer"));
        this.disabled = properties.disabled();
        this.looks = new Looks(properties);
        requireEveryCheckJudged();
        LOG.info(
                "{} checks by the checkers {}; disabled: {}",
                definitions.size(),
                new TreeSet<>(this.checkers.keySet()),
                new TreeSet<>(disabled));
    }

    /// Looks and judges, and passes on what it finds as it finds it. Obeys an interrupt within moments. An
    /// [IllegalArgumentException] if there is no such checker.
    ///
    /// @throws IOException when the report takes no more; the run is then over
    public void run(ScanJob job, ReportSink report) throws InterruptedException, IOException {
        var checker = checkers.get(job.checker());
        if (checker == null) {
            throw new IllegalArgumentException(
                    "There is no checker '%s', only %s".formatted(Visible.text(job.checker(), 80), checkers.keySet()));
        }
        if (!judges(checker).isEmpty()) {
            run(checker, job, new Findings(report, job.name()));
        }
    }

    private <O> void run(Checker<O> checker, ScanJob job, Findings findings) throws InterruptedException, IOException {
        try (var subjects = checker.subjects(job)) {
            looks.take(subjects.iterator(), (subject, seen) -> {
                switch (seen) {
                    case Seen.Observation<O>(var observation) -> judge(checker, subject, observation, findings);
                    case Seen.Nothing<O>(var why) -> toAll(checker, subject, new Verdict.CouldNotTell(why), findings);
                }
            });
            if (findings.isEmpty()) {
                toAll(checker, job.name(), new Verdict.NotApplicable(checker.whyNoSubjects()), findings);
            }
        } catch (RuntimeException e) {
            LOG.error("The checker {} failed before it had looked at all of {}", checker.name(), job.name(), e);
            // What it did not come to is not mentioned, and so stays as it is.
            if (!findings.areAboutAsset()) {
                toAll(checker, job.name(), new Verdict.CouldNotTell(Looks.internalError(e)), findings);
            }
        }
    }

    private <O> void judge(Checker<O> checker, String subject, O observation, Findings findings) throws IOException {
        for (var judge : judges(checker)) {
            findings.add(subject, judged(judge, subject, observation));
        }
    }

    private <O> List<ReportLine> judged(Judge<O> judge, String subject, O observation) {
        var check = definition(judge.id());
        try {
            return Findings.lines(check, subject, judge.judge(observation));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("The check {} failed on {}", judge.id(), subject, e);
            return Findings.lines(check, subject, new Verdict.CouldNotTell(Looks.internalError(e)));
        }
    }

    private void toAll(Checker<?> checker, String subject, Verdict verdict, Findings findings) throws IOException {
        for (var judge : judges(checker)) {
            findings.add(definition(judge.id()), subject, verdict);
        }
    }

    private <O> List<Judge<O>> judges(Checker<O> checker) {
        return checker.judges().stream()
                .filter(judge -> !disabled.contains(judge.id()))
                .<Judge<O>>map(judge -> judge)
                .toList();
    }

    private CheckDefinition definition(CheckId id) {
        return requireNonNull(definitions.get(id));
    }

    /// A check without a definition, or a definition without a check, is a broken build: better no start
    /// than a gap in every report.
    private void requireEveryCheckJudged() {
        var judged = checkers.values().stream()
                .flatMap(checker -> checker.judges().stream().map(judge -> checker.name() + "/" + judge.id()))
                .collect(Collectors.toCollection(TreeSet::new));
        var defined = definitions.values().stream()
                .map(check -> check.checker() + "/" + check.id())
                .collect(Collectors.toCollection(TreeSet::new));
        var undefined = new TreeSet<>(judged);
        undefined.removeAll(defined);
        defined.removeAll(judged);
        if (!undefined.isEmpty() || !defined.isEmpty()) {
            throw new IllegalStateException(("Checks and their definitions differ: without a checks/<id>.yml that"
                            + " checks/index lists %s, without a judge %s. Is a jar missing where %s leads?")
                    .formatted(undefined, defined, CheckJars.SETTING));
        }
    }

    private static List<Checker<?>> withProvided(List<Checker<?>> checkers, Outside outside) {
        var all = new ArrayList<>(checkers);
        OtherJars.all(CheckerProvider.class).forEach(provider -> all.add(provider.create(outside)));
        return all;
    }

    /// @param relation of two values to a key that both have, for the complaint about it
    private static <K, V> Map<K, V> byKey(Collection<? extends V> values, Function<V, K> key, String relation) {
        return values.stream().collect(Collectors.toUnmodifiableMap(key, Function.identity(), (one, other) -> {
            throw new IllegalStateException("Two %s %s: %s and %s"
                    .formatted(
                            relation,
                            key.apply(one),
                            one.getClass().getName(),
                            other.getClass().getName()));
        }));
    }
}
