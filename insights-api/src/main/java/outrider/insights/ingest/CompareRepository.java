package outrider.insights.ingest;

import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Compares what a scan found to what is open, by hashes alone.
@Component
final class CompareRepository {

    private static final String SCOPE = """
            select scope_id, digest
              from insights.scope
             where account_id = :account and asset_id = :asset and checker = :checker
            """;

    private static final String OPEN = """
            select key, content_hash
              from insights.insight
             where account_id = :account and scope_id = :scope and state = 'open'
            """;

    /// Rows that are on their way at once.
    private static final int FETCH = 10_000;

    private final JdbcClient jdbc;
    private final TransactionTemplate reading;

    CompareRepository(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
    }

    private record Scope(long id, @Nullable UUID digest) {}

    /// The numbers of the insights that are open and say the same. A scope's digest may say so of all at once.
    BitSet known(CompareReader.Question question) {
        var known = new BitSet();
        reading.executeWithoutResult(status -> {
            var header = question.header();
            var scope = jdbc.sql(SCOPE)
                    .param("account", header.accountId())
                    .param("asset", header.assetId())
                    .param("checker", header.checker())
                    .query((row, number) -> new Scope(row.getLong("scope_id"), row.getObject("digest", UUID.class)))
                    .optional();
            scope.ifPresent(found -> compare(found, question, known));
        });
        return known;
    }

    private void compare(Scope scope, CompareReader.Question question, BitSet known) {
        var insights = question.insights();
        if (insights.digest().equals(scope.digest())) {
            known.set(0, insights.size());
            return;
        }
        // Only within a transaction does the driver fetch bit by bit.
        jdbc.sql(OPEN)
                .withFetchSize(FETCH)
                .param("account", question.header().accountId())
                .param("scope", scope.id())
                .query(row -> {
                    var number = insights.find(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
                    if (number != KeyIndex.ABSENT) {
                        known.set(number);
                    }
                });
    }
}
