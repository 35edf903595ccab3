package outrider.insights.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import outrider.insight.CheckCatalog;

/// The catalogues of the checkers, in memory. One that is not there is looked for in the database, which is
/// asked at most once a second, however many reports wait.
@Component
public final class KnownCatalogs {

    private static final Logger LOG = LoggerFactory.getLogger(KnownCatalogs.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final CatalogRepository repository;
    private final CatalogChecks own;
    private final Map<String, CatalogChecks> known = new ConcurrentHashMap<>();
    private long nextLook = System.nanoTime();

    KnownCatalogs(CatalogRepository repository, CheckCatalog catalog) {
        this.repository = repository;
        this.own = new CatalogChecks(catalog.record(Instant.EPOCH).checks());
    }

    /// The catalogue of that hash; empty: no checker has told of it yet.
    ///
    /// @param hash null: the sender publishes no catalogue, so that of this release counts
    public Optional<CatalogChecks> find(@Nullable String hash) {
        if (hash == null) {
            return Optional.of(own);
        }
        var checks = known.get(hash);
        return checks == null ? look(hash) : Optional.of(checks);
    }

    private synchronized Optional<CatalogChecks> look(String hash) {
        if (!known.containsKey(hash) && System.nanoTime() - nextLook >= 0) {
            nextLook = System.nanoTime() + LOOK_INTERVAL.toNanos();
            known.putAll(repository.others(known.keySet()));
            if (!known.containsKey(hash)) {
                LOG.warn("Reports under a catalogue that no checker has told of yet are answered busy: {}", hash);
            }
        }
        return Optional.ofNullable(known.get(hash));
    }
}
