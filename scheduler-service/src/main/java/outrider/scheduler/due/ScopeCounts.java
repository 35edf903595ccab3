package outrider.scheduler.due;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// How many active scopes each account has, kept by those who make and end scopes, in their transactions.
@Component
final class ScopeCounts {

    private static final String LOCK = """
            select from scheduler.account where id = any (:accounts) order by id for no key update
            """;

    private static final String CHANGE = """
            update scheduler.account c
               set scopes = c.scopes + t.change
              from unnest(:accounts, :changes) as t (account_id, change)
             where c.id = t.account_id
            """;

    private final JdbcClient jdbc;

    ScopeCounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// One more for each time an account is named.
    void raise(Stream<UUID> accounts) {
        change(accounts, 1);
    }

    /// One less for each time an account is named.
    void lower(Stream<UUID> accounts) {
        change(accounts, -1);
    }

    private void change(Stream<UUID> accounts, int by) {
        var changes = accounts.collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.summingLong(one -> by)));
        if (changes.isEmpty()) {
            return;
        }
        var ids = Sql.array("uuid", changes.keySet(), id -> id);
        jdbc.sql(LOCK).param("accounts", ids).query(rows -> {});
        jdbc.sql(CHANGE)
                .param("accounts", ids)
                .param("changes", Sql.array("bigint", changes.entrySet(), Map.Entry::getValue))
                .update();
    }
}
