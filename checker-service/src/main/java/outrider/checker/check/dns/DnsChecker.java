package outrider.checker.check.dns;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import outrider.checker.check.Checker;
import outrider.checker.check.OtherJars;
import outrider.checker.egress.Dns;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.Dnssec;
import outrider.checker.egress.EgressGuard;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;
import outrider.checker.egress.Literals;
import outrider.checker.egress.ZoneSigning;
import outrider.scan.ScanJob;

/// Asks the DNS what its judges want to know of the asset's name, in rounds until no judge has a further
/// question; each question once, whoever wants to know. Meanwhile it looks how the zone is signed, and in the end
/// fetches the page that a judge needs besides, if one does.
@Component
public final class DnsChecker implements Checker<DnsObservation> {

    private static final Logger LOG = LoggerFactory.getLogger(DnsChecker.class);

    /// A bound for zones made to keep us busy; an honest one needs a quarter of it.
    private static final int MAX_QUESTIONS = 120;

    /// As much of a page as shows what it is.
    private static final int MAX_PAGE = 64 * 1024;

    private static final ZoneSigning NOT_YET = new ZoneSigning.Unknown("its signatures have not been looked at");

    private final Dns dns;
    private final Dnssec dnssec;
    private final HttpFetcher http;
    private final List<DnsJudge> judges;

    public DnsChecker(Dns dns, Dnssec dnssec, HttpFetcher http, EgressGuard guard) {
        this.dns = dns;
        this.dnssec = dnssec;
        this.http = http;
        this.judges = OtherJars.addTo(
                List.of(
                        new SpfCheck(),
                        new DmarcCheck(),
                        new DkimCheck(),
                        new CaaCheck(),
                        new DnssecCheck(),
                        new DanglingCnameCheck(),
                        new InternalIpCheck(guard::special),
                        new WildcardCheck()),
                DnsJudge.class);
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
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                var signing = threads.submit(() -> dnssec.look(job.name()));
                var seen = answers(job, threads);
                var page = page(seen);
                return new DnsObservation(job.name(), job.kind(), seen.answers(), result(signing), page);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private DnsObservation answers(ScanJob job, ExecutorService threads) throws InterruptedException {
        var answers = new HashMap<DnsQuestion, DnsAnswer>();
        while (true) {
            var seen = new DnsObservation(job.name(), job.kind(), answers, NOT_YET, Optional.empty());
            var questions = questions(seen);
            if (questions.isEmpty()) {
                return seen;
            }
            answers.putAll(ask(questions, MAX_QUESTIONS - answers.size(), threads));
        }
    }

    private Optional<Fetched> page(DnsObservation seen) throws InterruptedException {
        for (var judge : judges) {
            try {
                var url = judge.fetches(seen);
                if (url.isPresent()) {
                    return Optional.of(http.fetch(url.get(), MAX_PAGE));
                }
            } catch (RuntimeException e) {
                LOG.error("The check {} cannot say what to fetch of {}", judge.id(), seen.domain(), e);
            }
        }
        return Optional.empty();
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

    /// A fault in the look at signatures costs that check alone.
    private static ZoneSigning result(Future<ZoneSigning> look) throws InterruptedException {
        try {
            return look.get();
        } catch (ExecutionException e) {
            LOG.error("The look at signatures failed", e);
            return new ZoneSigning.Unknown(
                    "looking at its signatures failed; this is a fault of Outrider, not of the asset");
        }
    }
}
