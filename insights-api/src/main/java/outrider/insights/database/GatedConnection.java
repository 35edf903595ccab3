package outrider.insights.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A connection that gives its place back when it is closed, and whose statements end with the budget of its use.
final class GatedConnection implements InvocationHandler {

    private final Connection connection;
    private final Runnable freed;
    private final @Nullable DatabaseUse use;
    private final AtomicBoolean closed = new AtomicBoolean();

    private GatedConnection(Connection connection, Runnable freed, @Nullable DatabaseUse use) {
        this.connection = connection;
        this.freed = freed;
        this.use = use;
    }

    /// @param freed is called once, when the connection is closed
    static Connection of(Connection connection, Runnable freed, @Nullable DatabaseUse use) {
        return (Connection) Proxy.newProxyInstance(
                GatedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GatedConnection(connection, freed, use));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("close")) {
            close();
            return null;
        }
        if (use != null
                && arguments != null
                && arguments.length == 1
                && method.getName().equals("prepareStatement")) {
            return TimedStatement.prepare(connection, (String) arguments[0], use);
        }
        return call(connection, method, arguments);
    }

    private void close() throws Exception {
        try {
            connection.close();
        } finally {
            if (closed.compareAndSet(false, true)) {
                freed.run();
            }
        }
    }

    /// Calls the method on the target and throws what it throws.
    static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
