package outrider.lanes;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// How one lane runs: start from [#of] and change what differs.
///
/// @param lane its name, as in the stamps
/// @param permits how many jobs run or report at once in this process; can be changed while running
/// @param overflow how many more may run past their soft budget
/// @param handOff null: never hand a job to another lane
/// @param turnsBy the header by whose value jobs take turns: a job of the value with the fewest under way starts
/// first, and none has more than three quarters of the permits. null: partitions take turns, and whose jobs they
/// are does not matter
public record LaneSettings(
        String lane,
        Topology topology,
        int permits,
        int overflow,
        Budget budget,
        Retry retry,
        @Nullable HandOff handOff,
        Drain drain,
        Limits limits,
        @Nullable String turnsBy) {

    public LaneSettings {
        topology.read(lane);
        atLeast(1, permits, "permits");
        atLeast(0, overflow, "overflow");
        if (handOff != null && handOff.to().equals(lane)) {
            throw new IllegalArgumentException("lane %s cannot hand off to itself".formatted(lane));
        }
        if (handOff != null) {
            topology.read(handOff.to());
        }
    }

    /// A lane with defaults: 64 permits, a minute for a job, three attempts.
    public static LaneSettings of(String lane, Topology topology) {
        String topic = topology.topicOf(lane);
        return new LaneSettings(
                lane,
                topology,
                64,
                8,
                Budget.of(Duration.ofSeconds(15), Duration.ofMinutes(1)),
                new Retry(topic + ".retry", topic + ".dead", Duration.ofSeconds(30), 3),
                null,
                new Drain(Duration.ofSeconds(2), Duration.ofSeconds(20)),
                new Limits(1_500, 250, Duration.ofSeconds(1), Duration.ofSeconds(10)),
                null);
    }

    public LaneSettings withPermits(int permits, int overflow) {
        return new LaneSettings(lane, topology, permits, overflow, budget, retry, handOff, drain, limits, turnsBy);
    }

    public LaneSettings withBudget(Budget budget) {
        return new LaneSettings(lane, topology, permits, overflow, budget, retry, handOff, drain, limits, turnsBy);
    }

    public LaneSettings withRetry(Retry retry) {
        return new LaneSettings(lane, topology, permits, overflow, budget, retry, handOff, drain, limits, turnsBy);
    }

    public LaneSettings withHandOff(@Nullable HandOff handOff) {
        return new LaneSettings(lane, topology, permits, overflow, budget, retry, handOff, drain, limits, turnsBy);
    }

    public LaneSettings withDrain(Drain drain) {
        return new LaneSettings(lane, topology, permits, overflow, budget, retry, handOff, drain, limits, turnsBy);
    }

    public LaneSettings withTurnsBy(@Nullable String turnsBy) {
        return new LaneSettings(lane, topology, permits, overflow, budget, retry, handOff, drain, limits, turnsBy);
    }

    public LaneSettings withLimits(Limits limits) {
        return new LaneSettings(lane, topology, permits, overflow, budget, retry, handOff, drain, limits, turnsBy);
    }

    /// What the runtime needs of its consumer, whatever else is configured. The group id is not among it.
    public Map<String, Object> consumerProperties() {
        return Map.of(
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                limits.maxPollRecords(),
                // A client has one fetch under way at a broker. While that one waits for an empty partition,
                // such as the retry topic's, nothing is fetched of the partitions that have regained room since.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                50);
    }

    /// What the runtime needs of its producer, whatever else is configured.
    public static Map<String, Object> producerProperties() {
        return Map.of(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.ACKS_CONFIG,
                "all",
                // A broker that has just created a topic may refuse the first batch and take the second, after
                // which it refuses the first for minutes as out of order. One at a time cannot overtake.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                // A record that came from Kafka must fit again, with the headers a dead letter adds.
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                8 << 20);
    }

    /// How long a job may run, from its admission; making its result durable is not counted.
    ///
    /// @param soft past it the job gives up its permit: to the overflow, or by being handed off
    /// @param hard past it the job is interrupted and its handler says what the result is
    /// @param grace how long an interrupted job may take to notice, before the lane goes on without it
    public record Budget(Duration soft, Duration hard, Duration grace) {

        public Budget {
            if (!hard.isPositive() || soft.isNegative() || soft.compareTo(hard) > 0) {
                throw new IllegalArgumentException("budget: soft %s must not exceed hard %s".formatted(soft, hard));
            }
        }

        public static Budget of(Duration soft, Duration hard) {
            return new Budget(soft, hard, Duration.ofSeconds(5));
        }
    }

    /// What becomes of a job whose own code fails.
    ///
    /// @param topic where it waits; read by this lane only
    /// @param deadTopic where it ends after `attempts`
    /// @param delay constant for the topic, so that waiting for the head of a partition delays nothing else
    public record Retry(String topic, String deadTopic, Duration delay, int attempts) {

        public Retry {
            atLeast(1, attempts, "retry attempts");
        }
    }

    /// How a job that turns out slow moves to another lane.
    ///
    /// @param to that lane
    /// @param burst how many in a row
    /// @param settledPerMove how many settled jobs earn one more
    public record HandOff(String to, int burst, int settledPerMove) {

        public HandOff {
            atLeast(1, burst, "hand-off burst");
            atLeast(1, settledPerMove, "settled jobs per hand-off");
        }
    }

    /// How long running jobs may finish before they are interrupted and left to the next owner.
    ///
    /// @param revoke when partitions are taken away; it holds the poll thread
    /// @param shutdown when the lane is closed
    public record Drain(Duration revoke, Duration shutdown) {}

    /// @param maxUnsettled per partition; bounds memory and what a commit has to describe
    /// @param maxPollRecords per poll; a partition is polled only while more than that many more fit
    /// @param commitStale admission stops when a commit has been due for this long
    public record Limits(int maxUnsettled, int maxPollRecords, Duration commitInterval, Duration commitStale) {

        public Limits {
            atLeast(1, maxPollRecords, "max poll records");
            if (maxUnsettled <= maxPollRecords) {
                throw new IllegalArgumentException("max unsettled, %d, must be more than a poll of %d records"
                        .formatted(maxUnsettled, maxPollRecords));
            }
        }
    }

    Optional<HandOff> handsOff() {
        return Optional.ofNullable(handOff);
    }

    private static void atLeast(int least, int value, String what) {
        if (value < least) {
            throw new IllegalArgumentException("%s must be %d or more, not %d".formatted(what, least, value));
        }
    }
}
