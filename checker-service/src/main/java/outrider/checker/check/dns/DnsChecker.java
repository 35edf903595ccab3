package outrider.checker.check.dns;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import outrider.checker.check.Checker;
import outrider.checker.check.OtherJars;
import outrider.checker.egress.Dns;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.Literals;
import outrider.scan.ScanJob;

/// Asks the DNS what its judges want to know of the asset's name, in rounds until no judge has a further
/// question; each question once, whoever wants to know.
@Component
public final class DnsChecker implements Checker<DnsObservation> {

    private static final Logger LOG = LoggerFactory.getLogger(DnsChecker.class);

    /// A bound for zones made to keep us busy; an honest one needs a quarter of it.
    private static final int MAX_QUESTIONS = 120;

    private final Dns dns;
    private final List<DnsJudge> judges;

    public DnsChecker(Dns dns) {
        this.dns = dns;
        this.judges = OtherJars.addTo(List.of(new SpfCheck(), new DmarcCheck(), new CaaCheck()), DnsJudge.class);
    }

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public List<DnsJudge> judges() {
        return judges;
    }

    @Override
    public String whyNoSubjects() {
        return "an address has no records of its own in the DNS";
    }

    @Override
    public Stream<Subject<DnsObservation>> subjects(ScanJob job) {
        return Stream.of(new Subject<>(job.name(), () -> look(job)))
                .filter(subject -> Literals.address(subject.name()).isEmpty());
    }

    private DnsObservation look(ScanJob job) throws InterruptedException {
        var answers = new HashMap<DnsQuestion, DnsAnswer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (true) {
                var seen = new DnsObservation(job.name(), job.kind(), answers);
                var questions = questions(seen);
                if (questions.isEmpty()) {
                    return seen;
                }
                answers.putAll(ask(questions, MAX_QUESTIONS - answers.size(), threads));
            }
        }
    }

    private Set<DnsQuestion> questions(DnsObservation seen) {
        var questions = new HashSet<DnsQuestion>();
        for (var judge : judges) {
            try {
                questions.addAll(judge.asks(seen));
            } catch (RuntimeException e) {
                // Its own verdict will fail likewise; the others go on.
                LOG.error("The check {} cannot say what to ask about {}", judge.id(), seen.domain(), e);
            }
        }
        questions.removeAll(seen.answers().keySet());
        return questions;
    }

    private Map<DnsQuestion, DnsAnswer> ask(Set<DnsQuestion> questions, int left, ExecutorService threads)
            throws InterruptedException {
        var answers = new HashMap<DnsQuestion, DnsAnswer>();
        var asked = questions.stream().limit(Math.max(0, left)).toList();
        questions.forEach(question -> answers.put(
                question, new DnsAnswer.Failure("its DNS leads to more than %d questions".formatted(MAX_QUESTIONS))));
        var tasks = asked.stream()
                .map(question -> (Callable<DnsAnswer>) () -> dns.ask(question))
                .toList();
        var running = threads.invokeAll(tasks);
        for (var i = 0; i < asked.size(); i++) {
            try {
                answers.put(asked.get(i), running.get(i).get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("Asking for %s failed on our side".formatted(asked.get(i)), e);
            }
        }
        return answers;
    }
}
