package outrider.scheduler;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Transactions that are done again when the database ended them for another's sake (SQLSTATE 40P01, 40001):
/// they may do nothing that cannot be rolled back.
@Component
public final class Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final int MAX_ATTEMPTS = 5;

    private final TransactionTemplate transactions;

    public Transactions(TransactionTemplate transactions) {
        this.transactions = transactions;
    }

    /// Does the work in a transaction; within one, as a part of that.
    ///
    /// @throws ConcurrencyFailureException when the database ended it five times
    public <T extends @Nullable Object> T execute(Supplier<T> work) {
        for (var attempt = 1; ; attempt++) {
            try {
                return transactions.execute(status -> work.get());
            } catch (ConcurrencyFailureException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
                LOG.debug("A transaction is done again: {}", e.getMessage());
            }
        }
    }

    /// Likewise, for work without a result.
    public void run(Runnable work) {
        execute(() -> {
            work.run();
            return null;
        });
    }
}
