package outrider.insights.catalog;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckId;
import outrider.scan.CatalogRecord;
import outrider.scan.CatalogRecord.Check;

/// Catalogues as checkers publish them.
public final class TestCatalogs {

    private TestCatalogs() {}

    /// Those that are kept in that database.
    public static KnownCatalogs of(DataSource source) {
        return new KnownCatalogs(new CatalogRepository(JdbcClient.create(source)), CheckCatalog.load());
    }

    static Check enabled(String id, String checker) {
        return new Check(new CheckId(id), checker, false);
    }

    static Check disabled(String id, String checker) {
        return new Check(new CheckId(id), checker, true);
    }

    /// With a hash that no other has.
    static CatalogRecord catalog(Check... checks) {
        var hash = UUID.randomUUID().toString().replace("-", "");
        return new CatalogRecord(hash, Instant.EPOCH, List.of(checks));
    }
}
