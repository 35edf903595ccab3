package outrider.lanes;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.consumer.Consumer;

/// A real consumer that a test can disturb before each call.
final class Meddling {
    private Meddling() {}

    /// Is told the name of the method about to be called, and may throw instead.
    interface Disturbance {
        void before(String method) throws Throwable;
    }

    @SuppressWarnings("unchecked")
    static Consumer<byte[], byte[]> before(Consumer<byte[], byte[]> consumer, Disturbance disturbance) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    disturbance.before(method.getName());
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
