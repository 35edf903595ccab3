package outrider.bench.lanes;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.jspecify.annotations.Nullable;

/// A consumer that writes down what it hands out and what it commits, for a runtime that need not know.
final class LoggedConsumer implements InvocationHandler {
    private final Consumer<byte[], byte[]> consumer;
    private final EventLog log;
    private int afterPoll;

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
                case "poll" -> poll(method, arguments);
                case "commitAsync", "commitSync" -> commit(method, arguments == null ? new Object[0] : arguments);
                default -> method.invoke(consumer, arguments);
            };
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private @Nullable Object poll(Method method, @Nullable Object @Nullable [] arguments)
            throws ReflectiveOperationException {
        try {
            Object polled = method.invoke(consumer, arguments);
            if (polled instanceof ConsumerRecords<?, ?> records) {
                for (ConsumerRecord<?, ?> record : records) {
                    if (record.value() instanceof byte[] value) {
                        log.add(EventLog.Kind.POLLED, Payload.decode(value).number());
                    }
                }
            }
            return polled;
        } finally {
            afterPoll = log.size();
        }
    }

    private @Nullable Object commit(Method method, @Nullable Object[] arguments) throws ReflectiveOperationException {
        // It was put together since the last poll, so what ended before that is in it.
        int before = afterPoll;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof OffsetCommitCallback callback) {
                arguments[i] = (OffsetCommitCallback) (offsets, failure) -> {
                    if (failure == null) {
                        log.add(EventLog.Kind.COMMITTED, before);
                    }
                    callback.onComplete(offsets, failure);
                };
            }
        }
        Object result = method.invoke(consumer, arguments);
        if (method.getName().equals("commitSync")) {
            log.add(EventLog.Kind.COMMITTED, before);
        }
        return result;
    }
}
