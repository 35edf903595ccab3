package outrider.insights.ingest;

import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.Part;
import outrider.scan.ReportHeader;

/// Compares what a scan found to what is open, by hashes alone.
@Component
final class CompareRepository {

    private static final String SCOPE = """
            select scope_id, digest
              from insights.scope
             where account_id = :account and asset_id = :asset and checker = :checker
            """;

    private static final String PART = """
            select digest
              from insights.part
             where account_id = :account and scope_id = :scope and first_place = :first and end_place = :end
               and subjects is not distinct from :subjects::text[]
            """;

    private static final String OPEN = """
            select key, content_hash
              from insights.insight
             where account_id = :account and scope_id = :scope and state = 'open'
               and insights.place(subject) >= :first and insights.place(subject) < :end
               and (:subjects::text[] is null or subject = any (:subjects::text[]))
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
        var part = question.header().part();
        var digest = part == null ? scope.digest() : digest(scope, question.header(), part);
        if (insights.digest().equals(digest)) {
            known.set(0, insights.size());
            return;
        }
        // Only within a transaction does the driver fetch bit by bit.
        within(jdbc.sql(OPEN).withFetchSize(FETCH), scope, question.header(), part)
                .query(row -> {
                    var number = insights.find(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
                    if (number != KeyIndex.ABSENT) {
                        known.set(number);
                    }
                });
    }

    private @Nullable UUID digest(Scope scope, ReportHeader header, Part part) {
        return within(jdbc.sql(PART), scope, header, part)
                .query(UUID.class)
                .optional()
                .orElse(null);
    }

    private static JdbcClient.StatementSpec within(
            JdbcClient.StatementSpec statement, Scope scope, ReportHeader header, @Nullable Part part) {
        var subjects = part == null ? null : part.subjects();
        return statement
                .param("account", header.accountId())
                .param("scope", scope.id())
                .param("first", part == null ? 0 : part.first())
                .param("end", part == null ? Part.PLACES : part.end())
                .param("subjects", subjects == null ? null : new SqlArrayValue("text", subjects.toArray()));
    }
}
