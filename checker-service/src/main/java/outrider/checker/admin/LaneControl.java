package outrider.checker.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import outrider.checker.scan.Lanes;
import outrider.scan.Lane;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// The orders of the operators, kept in the topic `outrider-control`: any replica takes one, all follow it, and
/// a restart keeps it. It is read to its end before the first lane starts, and before anything of it is
/// followed.
@Component
final class LaneControl implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LaneControl.class);
    private static final TopicPartition CONTROL = new TopicPartition(Topics.CONTROL, 0);
    /// The version is part of the key, so that releases which understand different orders do not overwrite each
    /// other's. So is the field: of two who order different ones at the same time, neither takes the other's
    /// back.
    private static final String KEY = "lane.v2.";

    /// The orders of the release before, each of which was the whole.
    private static final String WHOLE = "lane.v1.";

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final KafkaTemplate<String, byte[]> kafka;
    private final Lanes lanes;
    private final Map<Lane, LaneOrder> orders = new ConcurrentHashMap<>();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread follower = Thread.ofVirtual().name("lane-control").unstarted(this::follow);
    private volatile boolean running;

    LaneControl(ConsumerFactory<byte[], byte[]> consumers, KafkaTemplate<String, byte[]> kafka, Lanes lanes) {
        this.consumers = consumers;
        this.kafka = kafka;
        this.lanes = lanes;
    }

    /// What was last ordered of the lane, if anything ever was.
    Optional<LaneOrder> order(Lane lane) {
        return Optional.ofNullable(orders.get(lane));
    }

    /// Orders these fields of it of every replica; returns when the brokers have them.
    ///
    /// @throws TimeoutException when they have not taken all of them in time; they may still do
    void give(Lane lane, LaneOrder order, Set<LaneOrder.Field> fields) throws InterruptedException, TimeoutException {
        try {
            var sent = fields.stream()
                    .map(field -> kafka.send(Topics.CONTROL, KEY + lane.id() + "." + field.id(), Wire.write(order)))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(sent).get(10, TimeUnit.SECONDS);
            // Here at once, and in the order of the topic when it comes back.
            synchronized (orders) {
                fields.forEach(field -> follow(lane, order.over(orders.get(lane), field)));
            }
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("An order for lane {} did not reach the brokers", lane.id(), e);
            throw new TimeoutException(e.getMessage());
        }
    }

    @Override
    public void start() {
        running = true;
        follower.start();
        try {
            if (!caughtUp.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The topic %s could not be read within %d s, so no lane may start"
                        .formatted(Topics.CONTROL, PATIENCE.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        while (running) {
            try (var consumer = open()) {
                long end = consumer.endOffsets(List.of(CONTROL)).getOrDefault(CONTROL, 0L);
                // What was ordered once and is no longer in force must not come back for a moment.
                var read = new EnumMap<Lane, LaneOrder>(Lane.class);
                while (running && consumer.position(CONTROL) < end) {
                    consumer.poll(POLL).forEach(record -> read(record, read, read::put));
                }
                read.forEach(this::follow);
                caughtUp.countDown();
                while (running) {
                    consumer.poll(POLL).forEach(this::follow);
                }
            } catch (RuntimeException e) {
                if (running) {
                    LOG.warn("{} cannot be read; the last orders stay in force", Topics.CONTROL, e);
                    pause();
                }
            }
        }
    }

    private Consumer<byte[], byte[]> open() {
        var properties = new Properties();
        properties.put("enable.auto.commit", "false");
        // No group: every replica reads everything.
        properties.put("group.protocol", "classic");
        var consumer = consumers.createConsumer(null, null, "-control", properties);
        consumer.assign(List.of(CONTROL));
        consumer.seekToBeginning(List.of(CONTROL));
        return consumer;
    }

    /// What is in force is looked at and changed in one step: an order given here must not undo one of another
    /// field.
    private void follow(ConsumerRecord<byte[], byte[]> record) {
        synchronized (orders) {
            read(record, orders, this::follow);
        }
    }

    private static void read(
            ConsumerRecord<byte[], byte[]> record, Map<Lane, LaneOrder> before, BiConsumer<Lane, LaneOrder> follow) {
        var key = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (record.value() == null) {
            return;
        }
        try {
            if (key.startsWith(WHOLE)) {
                follow.accept(Lane.of(key.substring(WHOLE.length())), Wire.read(record.value(), LaneOrder.class));
            } else if (key.startsWith(KEY)) {
                var dot = key.lastIndexOf('.');
                var lane = Lane.of(key.substring(KEY.length(), Math.max(KEY.length(), dot)));
                var order = Wire.read(record.value(), LaneOrder.class);
                follow.accept(lane, order.over(before.get(lane), LaneOrder.Field.of(key.substring(dot + 1))));
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("An order in {} at {} cannot be read: {}", Topics.CONTROL, record.offset(), e.getMessage());
        }
    }

    private void follow(Lane lane, LaneOrder order) {
        var before = orders.put(lane, order);
        if (!order.equals(before)) {
            LOG.info(
                    "Lane {} is ordered to be {} by {}",
                    lane.id(),
                    order.state().id(),
                    order.by());
            lanes.find(lane).ifPresent(order::applyTo);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        try {
            follower.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Lanes.PHASE - 1;
    }
}
