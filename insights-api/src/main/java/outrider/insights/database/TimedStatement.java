package outrider.insights.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import org.jspecify.annotations.Nullable;

/// A statement that PostgreSQL ends when the budget of its use does, at the price of no round trip.
///
/// The limit goes ahead of the statement in the same message, as one transaction with it, and holds for
/// nothing after it. It cannot be set inside the statement, say by the function it calls: the clock of a
/// statement that runs is set already.
final class TimedStatement implements InvocationHandler {

    private static final String LIMIT = "select set_config('statement_timeout', ?, true);\n";

    private final PreparedStatement statement;

    private TimedStatement(PreparedStatement statement) {
        this.statement = statement;
    }

    static PreparedStatement prepare(Connection connection, String sql, DatabaseUse use) throws SQLException {
        var left = use.left().toMillis();
        if (left <= 0) {
            throw new SQLTimeoutException("the budget was used up before the statement");
        }
        var statement = connection.prepareStatement(LIMIT + sql);
        statement.setString(1, Long.toString(left));
        return (PreparedStatement) Proxy.newProxyInstance(
                TimedStatement.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                new TimedStatement(statement));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (arguments == null) {
            switch (method.getName()) {
                case "execute" -> {
                    return execute();
                }
                case "executeQuery" -> {
                    execute();
                    return statement.getResultSet();
                }
                case "executeUpdate" -> {
                    execute();
                    return statement.getUpdateCount();
                }
                case "addBatch", "clearParameters", "executeLargeUpdate" ->
                    throw new SQLFeatureNotSupportedException(method.getName() + " under a budget");
                default -> {}
            }
        } else if (isParameter(method, arguments)) {
            arguments[0] = (Integer) arguments[0] + 1; // behind the limit
        }
        return GatedConnection.call(statement, method, arguments);
    }

    private boolean execute() throws SQLException {
        statement.execute();
        return statement.getMoreResults();
    }

    private static boolean isParameter(Method method, Object[] arguments) {
        return arguments.length > 1 && method.getName().startsWith("set") && arguments[0] instanceof Integer;
    }
}
