package outrider.scheduler;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;

/// Instants and arrays in the form the PostgreSQL driver wants them.
public final class Sql {

    /// Before every instant: `-infinity`.
    public static final OffsetDateTime NEVER = OffsetDateTime.MIN;

    private Sql() {}

    public static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /// One column of a batch, for `unnest`.
    ///
    /// @param type the element type: `uuid`, `text`, `bigint`, `timestamptz` …
    public static <T extends @Nullable Object> SqlArrayValue array(
            String type, Collection<T> rows, Function<T, @Nullable Object> column) {
        return new SqlArrayValue(
                type, rows.stream().map(column).map(Sql::element).toArray());
    }

    /// One array of values, some of which may be null.
    public static <T> SqlArrayValue array(String type, @Nullable T[] values) {
        return array(type, Arrays.asList(values), value -> value);
    }

    private static @Nullable Object element(@Nullable Object value) {
        return value instanceof Instant instant ? at(instant).toString() : value;
    }
}
