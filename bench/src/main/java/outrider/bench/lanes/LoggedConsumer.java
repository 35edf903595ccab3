package outrider.bench.lanes;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.jspecify.annotations.Nullable;

/// A consumer that writes down what it hands out and what it commits, for a runtime that need not know.
final class LoggedConsumer implements InvocationHandler {
    private final Consumer<byte[], byte[]> consumer;
    private final EventLog log;
    private final AtomicInteger commits = new AtomicInteger();

    private LoggedConsumer(Consumer<byte[], byte[]> consumer, EventLog log) {
        this.consumer = consumer;
        this.log = log;
    }

    @SuppressWarnings("unchecked")
    static Consumer<byte[], byte[]> of(Consumer<byte[], byte[]> consumer, EventLog log) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                LoggedConsumer.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                new LoggedConsumer(consumer, log));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return switch (method.getName()) {
                case "poll" -> polled(method.invoke(consumer, arguments));
                case "commitAsync", "commitSync" -> commit(method, arguments == null ? new Object[0] : arguments);
                default -> method.invoke(consumer, arguments);
            };
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private @Nullable Object polled(@Nullable Object polled) {
        if (polled instanceof ConsumerRecords<?, ?> records) {
            for (ConsumerRecord<?, ?> record : records) {
                if (record.value() instanceof byte[] value) {
                    log.add(EventLog.Kind.POLLED, Payload.decode(value).number());
                }
            }
        }
        return polled;
    }

    private @Nullable Object commit(Method method, @Nullable Object[] arguments) throws ReflectiveOperationException {
        int commit = commits.incrementAndGet();
        boolean waits = method.getName().equals("commitSync");
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof OffsetCommitCallback callback) {
                arguments[i] = (OffsetCommitCallback) (offsets, failure) -> {
                    if (failure == null) {
                        log.add(EventLog.Kind.COMMIT_ACKNOWLEDGED, commit);
                    }
                    callback.onComplete(offsets, failure);
                };
            }
        }
        log.add(EventLog.Kind.COMMIT_SENT, commit);
        Object result = method.invoke(consumer, arguments);
        if (waits) {
            log.add(EventLog.Kind.COMMIT_ACKNOWLEDGED, commit);
        }
        return result;
    }
}
