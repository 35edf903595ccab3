package outrider.checker.scan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/// Consumers of lanes that lose their partitions when the test says so: their next poll fails for good.
final class StumblingConsumers implements BeanPostProcessor {
    private final AtomicInteger stumbles = new AtomicInteger();

    /// Makes the next poll of a lane fail.
    void stumble() {
        stumbles.incrementAndGet();
    }

    /// How many polls are still to fail.
    int left() {
        return stumbles.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof DefaultKafkaConsumerFactory<?, ?> factory) {
            ((DefaultKafkaConsumerFactory<byte[], byte[]>) factory).addPostProcessor(this::wrap);
        }
        return bean;
    }

    @SuppressWarnings("unchecked")
    private Consumer<byte[], byte[]> wrap(Consumer<byte[], byte[]> consumer) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("poll")
                            && !consumer.subscription().isEmpty()
                            && stumbles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new IllegalStateException("made up");
                    }
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
