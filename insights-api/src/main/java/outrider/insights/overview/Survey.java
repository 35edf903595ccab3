package outrider.insights.overview;

import io.opentelemetry.api.trace.Span;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.insights.database.DatabaseFigures;
import outrider.insights.ingest.IngestFigures;
import outrider.trace.Traces;

/// Asks everybody at once, waits a bounded time, and puts together what it heard.
@Component
final class Survey {

    private static final Executor THREADS = Thread::startVirtualThread;

    private final Neighbours neighbours;
    private final IngestFigures ingest;
    private final DatabaseFigures database;
    private final Duration timeout;
    private final Clock clock;

    Survey(
            Neighbours neighbours,
            IngestFigures ingest,
            DatabaseFigures database,
            OverviewProperties properties,
            Clock clock) {
        this.neighbours = neighbours;
        this.ingest = ingest;
        this.database = database;
        this.timeout = properties.overview().timeout();
        this.clock = clock;
    }

    /// A question under way.
    private record Asked<T>(String service, String question, CompletableFuture<T> answer) {}

    /// @param authorization the header that the caller sent, which the other services are shown
    Overview take(String authorization) {
        var errand = new Neighbours.Errand(authorization, Traces.traceparent(Span.current()));
        var scheduler = ask("scheduler", neighbours.scheduler(), "/admin/schedule", Answers.Schedule.class, errand);
        var own = new Asked<>("insights-api", "/admin/ingest", here(ingest::status));
        var troubles = new ArrayList<Overview.Trouble>();
        var checkers = checkers(troubles).stream()
                .map(at -> ask("checker", at, "/admin/lanes", Answers.Lanes.class, errand))
                .toList();
        var lanes = checkers.stream()
                .map(asked -> told(asked, troubles))
                .filter(Objects::nonNull)
                .toList();
        var letters = letters(checkers, errand);
        var status = database.status();
        var schedule = told(scheduler, troubles);
        var written = told(own, troubles);
        return new Overview(
                clock.instant(),
                schedule == null ? null : Overview.Schedule.of(schedule),
                Overview.Lane.of(lanes),
                written == null ? null : Overview.Ingest.of(written, status),
                letters.map(asked -> told(asked, troubles)).orElse(null),
                status,
                List.copyOf(troubles));
    }

    private List<URI> checkers(List<Overview.Trouble> troubles) {
        var looked = new Asked<>("checker", "the addresses of the checkers", here(neighbours::checkers));
        var found = told(looked, troubles);
        return found == null ? List.of() : found;
    }

    /// Any checker knows; the first that has just answered is asked.
    private Optional<Asked<Answers.DeadLetters>> letters(
            List<Asked<Answers.Lanes>> checkers, Neighbours.Errand errand) {
        return checkers.stream()
                .filter(asked -> !asked.answer().isCompletedExceptionally())
                .findFirst()
                .map(asked -> URI.create(asked.question()))
                .map(at -> ask("checker", at, "/admin/dead-letters:count", Answers.DeadLetters.class, errand));
    }

    private <T> Asked<T> ask(String service, URI at, String path, Class<T> type, Neighbours.Errand errand) {
        var question = at.resolve(path);
        return new Asked<>(service, question.toString(), neighbours.ask(question, type, errand));
    }

    private <T> CompletableFuture<T> here(Supplier<T> answer) {
        return CompletableFuture.supplyAsync(answer, THREADS).orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The answer, waited for; null when there is none, which is then among the troubles.
    private <T> @Nullable T told(Asked<T> asked, List<Overview.Trouble> troubles) {
        try {
            return asked.answer().join();
        } catch (CompletionException e) {
            troubles.add(new Overview.Trouble(asked.service(), asked.question(), why(e.getCause())));
            return null;
        }
    }

    private String why(@Nullable Throwable cause) {
        return switch (cause) {
            case TimeoutException _, HttpTimeoutException _ -> "did not answer within " + timeout;
            case Neighbours.NoAnswerException answered -> String.valueOf(answered.getMessage());
            case null, default -> "cannot be asked: " + cause;
        };
    }
}
