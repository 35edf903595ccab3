package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DurableProducerTest {
    private final LaneFixture fixture = new LaneFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_producer_in_a_fatal_state_is_replaced_and_the_record_is_sent() throws Exception {
        var closed = fixture.clients("fast").producer();
        closed.close();
        var producers = new ArrayDeque<>(List.<Supplier<Producer<byte[], byte[]>>>of(
                DurableProducerTest::fatal,
                () -> closed,
                () -> fixture.clients("fast").producer()));
        try (var durable = new DurableProducer(() -> producers.remove().get())) {
            var taken = durable.send(record("kept"), "a record", () -> true);

            assertThat(taken.topic()).isEqualTo(fixture.topic);
            assertThat(fixture.read(fixture.topic, 1))
                    .extracting(read -> new String(read.value()))
                    .containsExactly("kept");
        }
    }

    @Test
    void what_is_no_longer_ours_is_not_sent_again() {
        try (var durable = new DurableProducer(DurableProducerTest::fatal)) {
            assertThatThrownBy(() -> durable.send(record("lost"), "a record", new Once()::getAsBoolean))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void an_offer_fails_nobody_and_the_next_one_has_a_producer_that_works() {
        var producers = new ArrayDeque<>(List.<Supplier<Producer<byte[], byte[]>>>of(
                DurableProducerTest::fatal,
                () -> {
                    throw new KafkaException("no producer can be made");
                },
                () -> fixture.clients("fast").producer()));
        try (var durable = new DurableProducer(() -> producers.remove().get())) {
            durable.offer(record("first"), "a record");
            durable.offer(record("second"), "a record");
            durable.offer(record("third"), "a record");

            assertThat(fixture.read(fixture.topic, 1))
                    .extracting(read -> new String(read.value()))
                    .containsExactly("third");
        }
    }

    private static final class Once {
        private boolean asked;

        boolean getAsBoolean() {
            var first = !asked;
            asked = true;
            return first;
        }
    }

    private ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>(fixture.topic, value.getBytes());
    }

    /// As a producer is after its id was refused: it throws what was answered once, wrapped, for ever.
    @SuppressWarnings("unchecked")
    private static Producer<byte[], byte[]> fatal() {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("send")) {
                        throw new KafkaException("error state", new ClusterAuthorizationException("made up"));
                    }
                    return method.getName().equals("hashCode") ? 1 : null;
                });
    }
}
