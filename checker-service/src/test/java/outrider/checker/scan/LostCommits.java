package outrider.checker.scan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/// Consumers whose commits reach nobody, as if their process had died before them.
final class LostCommits implements BeanPostProcessor {

    @Override
    @SuppressWarnings("unchecked")
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof DefaultKafkaConsumerFactory<?, ?> factory) {
            ((DefaultKafkaConsumerFactory<byte[], byte[]>) factory).addPostProcessor(LostCommits::wrap);
        }
        return bean;
    }

    @SuppressWarnings("unchecked")
    private static Consumer<byte[], byte[]> wrap(Consumer<byte[], byte[]> consumer) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().matches("commit(A?)[Ss]ync")) {
                        throw new TimeoutException("the coordinator does not answer");
                    }
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
