package outrider.insights.inventory;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.insights.audit.AuditRepository;
import outrider.scan.AuditRecord;
import outrider.scan.Ids;
import outrider.scan.Wire;
import tools.jackson.core.type.TypeReference;

/// Deletes all there is of a deleted account, some at a time, and then tells the audit how many rows of what went;
/// nothing where there was nothing.
///
/// Several replicas may be at it: each step is one transaction under the lock of the account's row.
@Component
final class Erasure {

    /// Scopes go first: without them no report can write into the account, whose mark refuses new ones.
    static final List<String> TABLES =
            List.of("scope", "part", "removal", "withheld", "insight", "insight_event", "asset");

    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);

    private static final String NEXT = """
            select id from insights.account where erased is not null order by id limit 1 for no key update skip locked
            """;

    /// The account twice: two partitions may have rows of the same place, and of different accounts.
    private static final String ERASE_SOME = """
            with gone as (
                delete from insights.%1$s
                 where ctid = any (array(select ctid from insights.%1$s where account_id = :account limit 10000))
                   and account_id = :account
                returning 1
            ), counted as (
                select count(*) as rows from gone
            )
            update insights.account
               set erased = erased || jsonb_build_object('%1$s', coalesce((erased ->> '%1$s')::bigint, 0) + rows)
              from counted
             where id = :account
               and rows > 0
            """;

    private static final String LEFT = "select exists (select from insights.%s where account_id = :account)";

    private static final String COUNT = "select count(*) from insights.%s where account_id = :account";

    private static final String TAKE_ERASED = """
            update insights.account set erased = null where id = :account returning old.erased
            """;

    private static final TypeReference<Map<String, Object>> COUNTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final AuditRepository audit;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final String replica;

    Erasure(
            JdbcClient jdbc,
            AuditRepository audit,
            TransactionTemplate transaction,
            Clock clock,
            @Value("${outrider.replica.name:${HOSTNAME:localhost}}") String replica) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
        this.replica = replica;
    }

    /// One round: some rows of an account that is to go, or, when none are left, the proof that they went.
    ///
    /// @return whether there may be more to do at once
    boolean round() {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var account = jdbc.sql(NEXT).query(UUID.class).optional();
            account.ifPresent(this::step);
            return account.isPresent();
        }));
    }

    private void step(UUID account) {
        var next = TABLES.stream().filter(table -> left(table, account)).findFirst();
        if (next.isPresent()) {
            jdbc.sql(ERASE_SOME.formatted(next.get())).param("account", account).update();
        } else {
            finish(account);
        }
    }

    private boolean left(String table, UUID account) {
        return jdbc.sql(LEFT.formatted(table))
                .param("account", account)
                .query(Boolean.class)
                .single();
    }

    private void finish(UUID account) {
        var json = jdbc.sql(TAKE_ERASED)
                .param("account", account)
                .query(String.class)
                .single();
        var erased = Wire.JSON.readValue(json, COUNTS);
        if (erased.isEmpty()) {
            return;
        }
        LOG.info("Erased all there was of the account {}, in rows: {}", account, erased);
        var left = new TreeMap<String, Object>();
        TABLES.forEach(table -> left.put(
                table,
                jdbc.sql(COUNT.formatted(table))
                        .param("account", account)
                        .query(Long.class)
                        .single()));
        audit.save(List.of(new AuditRecord(
                Ids.next(clock),
                clock.instant(),
                "insights-api",
                replica,
                "insights-api",
                "account.erase",
                "account/" + account,
                erased,
                left)));
    }
}
