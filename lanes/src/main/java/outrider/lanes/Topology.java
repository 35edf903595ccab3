package outrider.lanes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Which lane reads which topics: one each, or several lanes on one topic.
///
/// Every lane of every process must be given the same map, else two lanes may each take a job for the other's.
///
/// @param topics lane to what it reads, the topic where its jobs are published first. What carries no stamp
/// is run by the first lane whose jobs are published there
public record Topology(SequencedMap<String, List<String>> topics) {
    private static final Route RUN = new Route.Run();
    private static final Route LEAVE = new Route.Leave();

    public Topology {
        var copy = new LinkedHashMap<String, List<String>>();
        topics.forEach((lane, read) -> {
            if (read.isEmpty()) {
                throw new IllegalArgumentException("lane %s reads no topic".formatted(lane));
            }
            copy.put(lane, List.copyOf(read));
        });
        topics = Collections.unmodifiableSequencedMap(copy);
    }

    /// One lane alone on its topic.
    public static Topology of(String lane, String topic) {
        return new Topology(new LinkedHashMap<>(Map.of(lane, List.of(topic))));
    }

    /// What a lane does with a record of a topic it reads.
    sealed interface Route {
        /// Run it.
        record Run() implements Route {}

        /// Settle it without running it: the lane it is stamped for reads this topic too.
        record Leave() implements Route {}

        /// Publish it on the topic of the lane it is stamped for, which would not see it here.
        record Publish(String lane) implements Route {}
    }

    Route route(String lane, String topic, Optional<String> stamp) {
        if (stamp.isPresent() && stamp.get().equals(lane)) {
            return RUN;
        }
        String runner =
                stamp.filter(topics::containsKey).orElseGet(() -> owner(topic).orElse(lane));
        if (runner.equals(lane)) {
            return RUN;
        }
        return read(runner).contains(topic) ? LEAVE : new Route.Publish(runner);
    }

    /// The topic where a lane's jobs are published.
    String topicOf(String lane) {
        return read(lane).getFirst();
    }

    List<String> read(String lane) {
        List<String> read = topics.get(lane);
        if (read == null) {
            throw new IllegalArgumentException("no lane %s among %s".formatted(lane, topics.keySet()));
        }
        return read;
    }

    private Optional<String> owner(String topic) {
        Optional<String> reader = Optional.empty();
        for (var entry : topics.entrySet()) {
            if (entry.getValue().getFirst().equals(topic)) {
                return Optional.of(entry.getKey());
            }
            if (reader.isEmpty() && entry.getValue().contains(topic)) {
                reader = Optional.of(entry.getKey());
            }
        }
        return reader;
    }
}
